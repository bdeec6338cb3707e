using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Time;

namespace NetLoop.Hosting.Loop;

/// <summary>The end of a loop, from the first request for it until no connection is left.</summary>
/// <remarks>
/// A server drains: input that is read from now on does not reach a handler, and messages received before are handled and get their responses. Then each
/// session sends its queued messages and Goodbye, and connections that are still open at the deadline are reset. So a request without a response was not
/// handled. A loop of clients starts with Goodbye.
/// Deadlines are in real time, unlike those of peers, because somebody waits for the stop, however long handlers take. Thread: loop.
/// </remarks>
internal sealed class LoopStop(EventLoop loop) : ITimerTarget
{
    private readonly LoopCore _core = loop.Core;
    private Phase _phase;
    private long _deadline = long.MaxValue;
    private TimerHandle _timer;

    // Reason, text and time for Goodbye, once the handlers of a drain are done.
    private TimeSpan _closeWithin;
    private CloseReason _reason;
    private string _text = "";

    private enum Phase
    {
        Running,

        /// <summary>The inbox still has messages from before the stop.</summary>
        HandlingInbox,

        /// <summary>Asynchronous and offloaded handlers still run.</summary>
        AwaitingHandlers,

        /// <summary>All sessions have ended with Goodbye; connections send their queues.</summary>
        Closing,

        /// <summary>There is nothing left to wait for.</summary>
        Over,
    }

    /// <summary>Whether the stop has been requested.</summary>
    public bool HasBegun => _phase != Phase.Running;

    /// <summary>Whether the loop need not run again.</summary>
    public bool IsOver => _phase == Phase.Over;

    /// <summary>Whether the next iteration sends Goodbye. For the simulator's invariants.</summary>
    public bool IsDueToClose => _phase == Phase.AwaitingHandlers && AreHandlersDone;

    /// <summary>Whether no handler runs and their sends have left the command queue; checked in this order, because handlers send before they end.</summary>
    private bool AreHandlersDone => _core.Services.PendingHandlers == 0 && !_core.CommandQueue.HasItems;

    /// <summary>Waits for handlers, then closes.</summary>
    /// <param name="within">Time for the stop. Half of it is for handlers, so that one that hangs does not prevent Goodbye for the other sessions.</param>
    /// <param name="reason">The reason in the Goodbye.</param>
    /// <param name="text">The text for people.</param>
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

    /// <summary>Ends every session with Goodbye, without waiting for handlers. Another call can only shorten the wait.</summary>
    /// <param name="within">Time for connections to send their queues.</param>
    /// <param name="reason">The reason in the Goodbye.</param>
    /// <param name="text">The text for people.</param>
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

    /// <summary>Continues the stop, at the end of each iteration.</summary>
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
            HostingLog.StopDeadline(_core.ServerLogger, _core.Transport.ConnectionCount);
            loop.AbortConnections();
            _core.Transport.CloseDeadConnections();
        }

        if (_core.Transport.ConnectionCount == 0 && (_core.Inbox.IsEmpty || isLate))
        {
            _phase = Phase.Over;
        }
    }

    /// <summary>Called when the loop ends for any reason.</summary>
    public void CancelTimer() => _core.Transport.Timers.Cancel(_timer);

    void ITimerTarget.OnTimer()
    {
        // Nothing to do: the iteration that the timer caused checks the deadline at its end.
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

    /// <summary>A marker in the inbox after everything received before the stop.</summary>
    private sealed class InboxHandledEnvelope(LoopStop stop) : Envelope
    {
        public override void Deliver() => stop.PostInboxHandled();

        public override void Discard() => Deliver();
    }

    private void PostInboxHandled() => loop.Post(OnInboxHandled);
}
