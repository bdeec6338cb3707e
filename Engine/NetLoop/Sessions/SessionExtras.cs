using NetLoop.Messaging;

namespace NetLoop.Sessions;

/// <summary>What few sessions need, so that an idle one of the many is small; made when the first of it is needed.</summary>
/// <remarks>Thread: loop, unless said otherwise.</remarks>
internal sealed class SessionExtras
{
    private long _pendingBytes;

    public RateLimiter? Limiter { get; set; }

    /// <summary>Requests that wait for the other side.</summary>
    public RequestTracker? Requests { get; set; }

    /// <summary>From Welcome; client side only.</summary>
    public byte[]? ResumeToken { get; set; }

    /// <summary>Why its input is over, once it is.</summary>
    public CloseInfo InputEnd { get; set; }

    /// <summary>Runs of handlers that had begun when a deadline asked last.</summary>
    public long RunsAtDeadline { get; set; }

    /// <summary>The groups it is in beyond its first.</summary>
    public List<Membership>? OtherGroups { get; set; }

    /// <summary>Memory of the messages whose asynchronous or offloaded handlers have not ended. Thread: any.</summary>
    public long PendingBytes => Volatile.Read(ref _pendingBytes);

    /// <summary>Adds what a handler keeps when it begins, or takes it away when it ends. Thread: any.</summary>
    public void AddPendingBytes(long bytes) => Interlocked.Add(ref _pendingBytes, bytes);
}
