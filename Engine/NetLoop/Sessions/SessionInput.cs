using System.Diagnostics;
using System.Security.Claims;
using NetLoop.Diagnostics;
using NetLoop.Sessions.Limits;

namespace NetLoop.Sessions;

/// <summary>The state of a session's input: its rate, its asynchronous handlers, the end of the input, a client's token.</summary>
/// <remarks>Created when it is first needed, so that an idle session is small. Thread: loop, unless said otherwise.</remarks>
internal sealed class SessionInput
{
    private int _pendingHandlers;
    private long _pendingBytes;
    private bool _isHandled;
    private long _runsAtDeadline;

    /// <summary>The rate limit of the peer; null for none.</summary>
    public RateLimiter? Limiter { get; init; }

    /// <summary>The claims from the authenticator; null for none. Server side only.</summary>
    public ClaimsPrincipal? User { get; set; }

    /// <summary>The WebSocket subprotocol that the server chose; null for none.</summary>
    public string? Subprotocol { get; set; }

    /// <summary>The token from Welcome; client side only.</summary>
    public byte[]? ResumeToken { get; set; }

    /// <summary>Whether requests to the peer have a trace context. Set before the session is open. Thread: any.</summary>
    public bool SendsTraceContext { get; set; }

    /// <summary>The activity of the opening; null if there is none, and once the session is open.</summary>
    public Activity? Opening { get; set; }

    /// <summary>Whether input from the peer is no longer accepted.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The reason for the end, once the input has ended.</summary>
    public CloseInfo End { get; private set; }

    /// <summary>Whether everything before the end has been handled. Thread: any.</summary>
    public bool IsHandled => Volatile.Read(ref _isHandled);

    /// <summary>Asynchronous and offloaded handlers that have not ended. Thread: any.</summary>
    public int PendingHandlers => Volatile.Read(ref _pendingHandlers);

    /// <summary>Memory of the messages of those handlers. Thread: any.</summary>
    public long PendingBytes => Volatile.Read(ref _pendingBytes);

    /// <summary>Counts an asynchronous or offloaded handler as started.</summary>
    /// <param name="heldBytes">The memory of its message, which it keeps until it ends.</param>
    public void HandlerStarted(long heldBytes)
    {
        Interlocked.Add(ref _pendingBytes, heldBytes);
        Interlocked.Increment(ref _pendingHandlers);
    }

    /// <summary>Counts such a handler as ended. Thread: any.</summary>
    /// <returns>Whether it was the last one that the end of the input waited for.</returns>
    public bool HandlerEnded(long heldBytes)
    {
        Interlocked.Add(ref _pendingBytes, -heldBytes);
        return Interlocked.Decrement(ref _pendingHandlers) == 0 && IsHandled;
    }

    /// <summary>Records the reason for the end of the input.</summary>
    public void Ended(in CloseInfo info)
    {
        Invariant.Holds(!HasEnded);
        HasEnded = true;
        End = info;
    }

    /// <summary>Records that everything before the end has been handled.</summary>
    /// <returns>Whether no handler is still running.</returns>
    public bool Handled()
    {
        // Either this thread sees the end of the last handler, or that handler sees the flag, because both write before they read.
        Volatile.Write(ref _isHandled, true);
        Interlocked.MemoryBarrier();
        return PendingHandlers == 0;
    }

    /// <summary>Whether handlers have made progress with the inbox since the last call.</summary>
    /// <param name="runs">Number of runs of handlers that have started on their thread.</param>
    public bool HasProgress(long runs)
    {
        bool isProgress = runs != _runsAtDeadline;
        _runsAtDeadline = runs;
        return isProgress;
    }
}
