namespace NetLoop;

/// <summary>The state of the host's server.</summary>
/// <remarks>Thread: any.</remarks>
internal sealed class ServerState
{
    private readonly Lock _guard = new();
    private volatile NetServer? _started;
    private volatile bool _isStopping;
    private Task _probe = Task.CompletedTask;

    /// <summary>The server, once it has started.</summary>
    public NetServer? Started
    {
        get => _started;
        set => _started = value;
    }

    /// <summary>Whether the host has begun to stop.</summary>
    public bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }

    /// <summary>
    /// Posts an action to the first loop. While an earlier one is pending, callers share it, so that checks cannot fill the queue of a stalled loop.
    /// </summary>
    /// <returns>A task that completes when the loop has run the action, or has ended.</returns>
    public Task ProbeAsync(NetServer server)
    {
        lock (_guard)
        {
            if (_probe.IsCompleted)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _probe = server.Post(reached.SetResult) ? Task.WhenAny(reached.Task, server.Completion) : Task.CompletedTask;
            }

            return _probe;
        }
    }
}
