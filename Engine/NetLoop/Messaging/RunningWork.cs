namespace NetLoop.Messaging;

/// <summary>
/// The work that the thread for handlers runs at the moment: a handler or a tick. <c>StallWatch</c> and deadlines read it from other threads.
/// </summary>
/// <remarks>Thread: written by the thread that runs handlers, with plain stores because it is on the path of every message; read by any.</remarks>
internal sealed class RunningWork
{
    private string? _name;
    private long _count;
    private int _threadId;
    private PendingRequest? _request;

    /// <summary>The name of the running work; null for none.</summary>
    public string? Name => Volatile.Read(ref _name);

    /// <summary>Changes with each tick and each envelope: while it stays the same, the same work runs, or none.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The last request that this work has sent; null if it sent none.</summary>
    public PendingRequest? Request => Volatile.Read(ref _request);

    /// <summary>Makes the calling thread the one that runs handlers.</summary>
    public void BindToThread() => _threadId = Environment.CurrentManagedThreadId;

    /// <summary>Starts a run.</summary>
    /// <param name="name">The name of a handler or of the ticks; null for work of the engine.</param>
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

    /// <summary>Records a request if the running work sends it. Thread: any.</summary>
    public void Sent(PendingRequest request)
    {
        if (_threadId == Environment.CurrentManagedThreadId)
        {
            _request = request;
        }
    }
}
