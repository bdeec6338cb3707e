using System.Security.Claims;
using NetLoop.Diagnostics;
using NetLoop.Sessions.Limits;

namespace NetLoop.Sessions;

/// <summary>The state of a session's input: its rate, its asynchronous handlers, the end of the input, a client's token.</summary>
/// <remarks>Made when the first of it is needed, so that an idle session is small. Thread: loop, unless said otherwise.</remarks>
internal sealed class SessionInput
{
    private int _pendingHandlers;
    private long _pendingBytes;
    private bool _isHandled;
    private long _runsAtDeadline;

    /// <summary>What the peer may send in a second; null for as much as it likes.</summary>
    public RateLimiter? Limiter { get; init; }

    /// <summary>The claims from the authenticator; null for none. Server side only.</summary>
    public ClaimsPrincipal? User { get; set; }

    /// <summary>From Welcome; client side only.</summary>
    public byte[]? ResumeToken { get; set; }

    /// <summary>Whether nothing more is taken from the peer.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Why it is over, once it is.</summary>
    public CloseInfo End { get; private set; }

    /// <summary>Whether everything that came before the end went through its handler. Thread: any.</summary>
    public bool IsHandled => Volatile.Read(ref _isHandled);

    /// <summary>Asynchronous and offloaded handlers that have not ended. Thread: any.</summary>
    public int PendingHandlers => Volatile.Read(ref _pendingHandlers);

    /// <summary>Memory of their messages. Thread: any.</summary>
    public long PendingBytes => Volatile.Read(ref _pendingBytes);

    /// <summary>Notes that a handler began which goes on after its call returned.</summary>
    /// <param name="heldBytes">The memory of its message, which it keeps until it ends.</param>
    public void HandlerStarted(long heldBytes)
    {
        Interlocked.Add(ref _pendingBytes, heldBytes);
        Interlocked.Increment(ref _pendingHandlers);
    }

    /// <summary>Notes that such a handler ended. Thread: any.</summary>
    /// <returns>Whether it was the last that the end of the input waited for.</returns>
    public bool HandlerEnded(long heldBytes)
    {
        Interlocked.Add(ref _pendingBytes, -heldBytes);
        return Interlocked.Decrement(ref _pendingHandlers) == 0 && IsHandled;
    }

    /// <summary>Notes why nothing more is taken.</summary>
    public void Ended(in CloseInfo info)
    {
        Invariant.Holds(!HasEnded);
        HasEnded = true;
        End = info;
    }

    /// <summary>Notes that everything before the end went through its handler.</summary>
    /// <returns>Whether no handler goes on.</returns>
    public bool Handled()
    {
        // Either this thread sees the last handler's end or that one sees the flag: neither may look before it has written.
        Volatile.Write(ref _isHandled, true);
        Interlocked.MemoryBarrier();
        return PendingHandlers == 0;
    }

    /// <summary>Whether handlers got on with the inbox since this was asked last.</summary>
    /// <param name="runs">How many runs of handlers have begun on the loop's thread for them.</param>
    public bool HasProgress(long runs)
    {
        bool isProgress = runs != _runsAtDeadline;
        _runsAtDeadline = runs;
        return isProgress;
    }
}
