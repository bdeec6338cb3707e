using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Time;

namespace NetLoop.Hosting.Loop;

/// <summary>The end of a loop, from the first request for it until no connection is left.</summary>
/// <remarks>
/// A server drains: nothing that is read from now on reaches a handler; what was received before is handled and answered; everybody is told Goodbye and gets
/// what was sent before; the rest is reset at the deadline. So a request without a response was not handled. A loop of clients begins with Goodbye.
/// Deadlines are in real time, unlike those of peers: somebody waits for the stop, however long handlers take. Thread: loop.
/// </remarks>
internal sealed class LoopStop(EventLoop loop) : ITimerTarget
{
    private readonly LoopCore _core = loop.Core;
    private Phase _phase;
    private long _deadline = long.MaxValue;
    private TimerHandle _timer;

    // What a drain still has to say, and how long it then waits, once handlers are done.
    private TimeSpan _closeWithin;
    private CloseReason _reason;
    private string _text = "";

    private enum Phase
    {
        Running,

        /// <summary>What was received before the stop is in the inbox.</summary>
        HandlingInbox,

        /// <summary>Handlers that go on after they returned are at work.</summary>
        AwaitingHandlers,

        /// <summary>Everybody was told Goodbye; connections are sent what is queued.</summary>
        Closing,

        /// <summary>There is nothing left to wait for.</summary>
        Over,
    }

    /// <summary>Whether the loop need not run again.</summary>
    public bool IsOver => _phase == Phase.Over;

    /// <summary>Whether the stop has begun.</summary>
    public bool HasBegun => _phase != Phase.Running;

    /// <summary>Whether nothing but its next iteration is between it and Goodbye. For the simulator's invariants.</summary>
    public bool IsDueToClose => _phase == Phase.AwaitingHandlers && AreHandlersDone;

    /// <summary>Whether no handler runs, and what they sent before they ended is on its way: in this order, as they did it.</summary>
    private bool AreHandlersDone => _core.Services.PendingHandlers == 0 && !_core.CommandQueue.HasItems;

    /// <summary>Waits for handlers, then closes.</summary>
    /// <param name="within">Half of it for handlers, so that one that hangs does not cost the others their Goodbye.</param>
    /// <param name="reason">For the Goodbye.</param>
    /// <param name="text">For people.</param>
    public void Drain(TimeSpan within, CloseReason reason, string text)
    {
        if (_phase != Phase.Running)
        {
            return;
        }

        _closeWithin = within / 2;
        _reason = reason;
        _text = text;
        _phase = Phase.HandlingInbox;
        SetDeadline(_closeWithin);
        _core.Inbox.Add(new InboxHandledEnvelope(this));
    }

    /// <summary>Says Goodbye for every session, and waits for no handler any more. Called again, it may only shorten the wait.</summary>
    /// <param name="within">How long connections have to send what is queued.</param>
    /// <param name="reason">For the Goodbye.</param>
    /// <param name="text">For people.</param>
    public void Close(TimeSpan within, CloseReason reason, string text)
    {
        long deadline = _core.Clock.Now + SessionProfile.Nanoseconds(within);
        if (_phase >= Phase.Closing && deadline >= _deadline)
        {
            return;
        }

        _phase = Phase.Closing;
        SetDeadline(within);
        loop.EndSessions(reason, text);
    }

    /// <summary>Goes on with the stop, at the end of each iteration.</summary>
    public void Advance()
    {
        bool isLate = _core.Clock.Now >= _deadline;
        if (_phase is Phase.HandlingInbox or Phase.AwaitingHandlers && (isLate || IsDueToClose))
        {
            Close(_closeWithin, _reason, _text);
            isLate = _core.Clock.Now >= _deadline;
        }

        if (_phase != Phase.Closing)
        {
            return;
        }

        if (_core.Transport.ConnectionCount > 0 && isLate)
        {
            HostingLog.StopDeadline(_core.Logger, _core.Transport.ConnectionCount);
            loop.AbortConnections();
            _core.Transport.CloseDeadConnections();
        }

        if (_core.Transport.ConnectionCount == 0 && (_core.Inbox.IsEmpty || isLate))
        {
            _phase = Phase.Over;
        }
    }

    /// <summary>The loop ends, for this or another reason.</summary>
    public void CancelTimer() => _core.Transport.Timers.Cancel(_timer);

    void ITimerTarget.OnTimer()
    {
        // Nothing: the iteration that the timer caused looks at the deadline at its end.
    }

    private void SetDeadline(TimeSpan within)
    {
        long wait = SessionProfile.Nanoseconds(within);
        _deadline = _core.Clock.Now + wait;
        CancelTimer();
        _timer = _core.Transport.Timers.Schedule(_core.Clock.PeerTime + wait, this);
    }

    private void OnInboxHandled()
    {
        if (_phase == Phase.HandlingInbox)
        {
            _phase = Phase.AwaitingHandlers;
        }
    }

    /// <summary>Stands in the inbox behind everything received before the stop.</summary>
    private sealed class InboxHandledEnvelope(LoopStop stop) : Envelope
    {
        public override void Deliver() => stop.PostInboxHandled();

        public override void Discard() => Deliver();
    }

    private void PostInboxHandled() => loop.Post(OnInboxHandled);
}
