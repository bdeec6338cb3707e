namespace NetLoop.Messaging;

/// <summary>
/// What the thread that runs handlers is in right now: a handler or a tick. For <c>StallWatch</c> and deadlines, which look from other
/// threads.
/// </summary>
/// <remarks>Thread: written by the one that runs handlers, with plain stores since it is on the way of every message; read by any.</remarks>
internal sealed class RunningWork
{
    private string? _name;
    private long _count;
    private int _threadId;
    private PendingRequest? _request;

    /// <summary>What runs; null for nothing.</summary>
    public string? Name => Volatile.Read(ref _name);

    /// <summary>Changes with each tick and each envelope of the inbox: as long as it stays the same, the same work runs, or none.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The last request that this work has sent; null when it sent none.</summary>
    public PendingRequest? Request => Volatile.Read(ref _request);

    /// <summary>Makes the calling thread the one that runs handlers.</summary>
    public void BindToThread() => _threadId = Environment.CurrentManagedThreadId;

    /// <summary>Begins a run.</summary>
    /// <param name="name">Of a handler, or of the ticks; null for the engine's own work.</param>
    public void Begin(string? name)
    {
        _name = name;
        _count++;
        if (_request is not null)
        {
            _request = null;
        }
    }

    /// <summary>Ends the last run.</summary>
    public void End() => _name = null;

    /// <summary>Remembers a request if the running work sends it. Thread: any.</summary>
    public void Sent(PendingRequest request)
    {
        if (_threadId == Environment.CurrentManagedThreadId)
        {
            _request = request;
        }
    }
}
