using NetLoop.Hosting;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop;

/// <content>The stop, step by step: no new connections; what was received is handled and answered; everybody is told Goodbye and gets what was sent before; the rest is reset at the deadline.</content>
public sealed partial class NetServer
{
    private StopPhase _stopPhase;
    private int _isStopRequested;
    private long _drainDeadline = long.MaxValue;

    private enum StopPhase
    {
        Running,
        HandlingInbox,
        AwaitingHandlers,
        Closing,
    }

    /// <summary>Whether a stop was asked for.</summary>
    internal bool IsStopping => Volatile.Read(ref _isStopRequested) != 0;

    /// <summary>Stops: closes the listeners, handles what was received, says Goodbye, sends what was accepted for sending, and ends within the drain time-out.</summary>
    /// <returns>Completes when the loop has ended.</returns>
    public Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopRequested, 1) == 0 && (!_loop.IsStarted || !_loop.Post(BeginStop)))
        {
            return _loop.StopAsync(TimeSpan.Zero);
        }

        return Completion;
    }

    /// <summary>Ends at once: whatever is not sent is lost.</summary>
    public void Abort()
    {
        Interlocked.Exchange(ref _isStopRequested, 1);
        if (!_loop.IsStarted)
        {
            _ = _loop.StopAsync(TimeSpan.Zero);
            return;
        }

        _loop.Post(() =>
        {
            CloseListeners();
            _stopPhase = StopPhase.Closing;
            _loop.EndSessions(CloseReason.ServerStopping, "The server is stopping.");
            _loop.BeginStop(TimeSpan.Zero);
        });
    }

    void ILoopParticipant.OnIterationEnded()
    {
        if (_stopPhase == StopPhase.Running)
        {
            ResumeFullListeners();
        }
        else if (_stopPhase == StopPhase.AwaitingHandlers && (Core.Services.PendingHandlers == 0 || Core.Clock.Now >= _drainDeadline))
        {
            SayGoodbye();
        }
    }

    private void RequestStop() => _ = StopAsync();

    private void ResumeFullListeners()
    {
        foreach (Listener listener in _listeners)
        {
            listener.ResumeIfRoom();
        }
    }

    private void BeginStop()
    {
        if (_stopPhase != StopPhase.Running)
        {
            return;
        }

        HostingLog.Stopping(Core.Logger, Everyone.Count, _options.DrainTimeout.TotalSeconds);
        CloseListeners();
        Opening.EndAll(CloseReason.ServerStopping, "The server is stopping.");
        // Half the time for handlers, so that a handler which hangs does not cost the others their Goodbye.
        _drainDeadline = Core.Clock.Now + (SessionSettings.Nanoseconds(_options.DrainTimeout) / 2);
        _stopPhase = StopPhase.HandlingInbox;
        Core.Inbox.Add(new InboxHandledEnvelope(this));
        Core.Transport.Timers.Schedule(_drainDeadline, new DrainDeadline(this), 0);
    }

    private void OnInboxHandled()
    {
        if (_stopPhase == StopPhase.HandlingInbox)
        {
            _stopPhase = StopPhase.AwaitingHandlers;
        }
    }

    private void SayGoodbye()
    {
        _stopPhase = StopPhase.Closing;
        _loop.EndSessions(CloseReason.ServerStopping, "The server is stopping.");
        _loop.BeginStop(_options.DrainTimeout / 2);
    }

    /// <summary>Stands in the inbox behind everything received before the stop.</summary>
    private sealed class InboxHandledEnvelope(NetServer server) : Envelope
    {
        public override void Deliver() => server._loop.Post(server.OnInboxHandled);

        public override void Discard() => Deliver();
    }

    /// <summary>Ends the wait for handlers, also for one that blocks the handlers' thread.</summary>
    private sealed class DrainDeadline(NetServer server) : ITimerTarget
    {
        public void OnTimer(int kind) => server.OnInboxHandled();
    }
}
