using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop;

/// <content>What time does to a session: handshake, idle, heartbeat, slow consumers. One timer a session, set to the earliest of its deadlines.</content>
public sealed partial class Session
{
    /// <summary>The number of the engine's own Ping, which no request of the tracker has. Several may be outstanding; their times tell them apart.</summary>
    private const uint PingId = uint.MaxValue;

    private const long Never = long.MaxValue;

    private Heartbeat? _heartbeat;
    private TimerHandle _timer;

    // When the last body arrived; before the first, when the session began to open or opened, and after the last, when the input ended. In peer time, as all
    // deadlines here.
    private long _lastInput;
    private bool _hasInputEnded;

    /// <summary>The timer of its earliest deadline. Thread: loop.</summary>
    internal TimerHandle DeadlineTimer => _timer;

    void ITimerTarget.OnTimer()
    {
        long now = Services.Transport.Clock.PeerTime;
        _timer = default;
        if (Status == SessionStatus.Closed || EndIfOverdue(now))
        {
            return;
        }

        if (_heartbeat is not null && now >= _heartbeat.NextPing)
        {
            SendPing(_heartbeat, now);
        }

        RescheduleDeadlines();
    }

    private void BeginDeadlines()
    {
        long now = Services.Transport.Clock.PeerTime;
        _lastInput = now;
        if (Profile.PingInterval > 0 && Status == SessionStatus.Open)
        {
            // The first Ping soon, so that a round trip is known; then at the interval.
            _heartbeat = new Heartbeat(now + Math.Min(Profile.PingInterval, LoopClock.NanosecondsPerSecond));
        }

        RescheduleDeadlines();
    }

    private void EndDeadlines() => Services.Transport.Timers.Cancel(_timer);

    private void RescheduleDeadlines()
    {
        long due = NextDeadline();
        if (due == Never)
        {
            Services.Transport.Timers.Cancel(_timer);
            _timer = default;
        }
        else if (!Services.Transport.Timers.Reschedule(_timer, due))
        {
            _timer = Services.Transport.Timers.Schedule(due, this);
        }
    }

    private long NextDeadline()
    {
        switch (Status)
        {
            case SessionStatus.Opening:
                return _lastInput + Profile.HandshakeTimeout;

            case SessionStatus.Closed:
                return Never;
        }

        long due = Never;
        if (_hasInputEnded)
        {
            due = _lastInput + Profile.CloseTimeout;
        }
        else if (Profile.IdleTimeout > 0)
        {
            due = _lastInput + Profile.IdleTimeout;
        }

        if (_heartbeat is not null)
        {
            due = Math.Min(due, _heartbeat.NextPing);
        }

        return _connection is null ? due : Math.Min(due, _connection.SlowPeerDeadline(Services.Transport.Clock.PeerTime));
    }

    private bool EndIfOverdue(long now)
    {
        if (IsInputOverdue(now) && !ReadWaiting())
        {
            return false; // It cannot be read right now: the deadline stays due.
        }

        if (!_hasInputEnded && _connection is { IsReadPaused: true } && (Status == SessionStatus.Open || !Services.Inbox.HasRoom))
        {
            // It is we who do not read: the peer is not idle.
            _lastInput = now;
        }

        if (_hasInputEnded && !Volatile.Read(ref _isInputHandled) && AreHandlersAtWork())
        {
            // Nor is it to blame for handlers that are behind: what it sent before its end is in the inbox, and its turn comes.
            _lastInput = now;
        }

        if (Status == SessionStatus.Opening)
        {
            if (now - _lastInput >= Profile.HandshakeTimeout)
            {
                End(CloseReason.HandshakeTimeout, "No Hello within the handshake timeout.");
            }

            return Status == SessionStatus.Closed;
        }

        if (Status == SessionStatus.Closed)
        {
            return true;
        }

        if (_hasInputEnded && now - _lastInput >= Profile.CloseTimeout)
        {
            EndAfterInput();
        }
        else if (!_hasInputEnded && Profile.IdleTimeout > 0 && now - _lastInput >= Profile.IdleTimeout)
        {
            End(CloseReason.Idle, "Nothing arrived for the idle timeout.");
        }
        else if (_connection is { } connection && connection.IsTooSlow(now) && IsTooSlowAfterSend(connection, now))
        {
            End(CloseReason.SlowConsumer, "The peer does not read fast enough.");
        }

        return Status == SessionStatus.Closed;
    }

    /// <summary>
    /// Whether handlers got on with the inbox since this was asked last: those on the loop do whenever it goes round, one on a thread of its own may hang.
    /// Counted in runs: a batch of slow handlers may take longer than the close timeout, and is done only when its last one is.
    /// </summary>
    private bool AreHandlersAtWork()
    {
        long runs = Services.Work.Count;
        bool isProgress = Services.Lender is not null || runs != _extras!.RunsAtDeadline;
        _extras!.RunsAtDeadline = runs;
        return isProgress;
    }

    /// <summary>Whether the time is over within which the peer must have sent something.</summary>
    private bool IsInputOverdue(long now) => Status switch
    {
        SessionStatus.Opening => now - _lastInput >= Profile.HandshakeTimeout,
        SessionStatus.Open => !_hasInputEnded && Profile.IdleTimeout > 0 && now - _lastInput >= Profile.IdleTimeout,
        _ => false,
    };

    /// <summary>Reads what the peer has sent before a deadline is held against it: a busy loop may be far behind with its reading.</summary>
    /// <returns>False when that is not possible right now.</returns>
    private bool ReadWaiting() => Status == SessionStatus.Closed || Connection is not { } connection || connection.TryReadWaiting();

    /// <summary>Reads what the peer has sent, among which may be a response.</summary>
    /// <returns>False when some of it has to wait, because handlers are behind.</returns>
    private bool ReadWaitingResponses() => ReadWaiting() && _connection is not { IsReadPaused: true };

    /// <summary>Offers the peer what waits before it is called too slow: it may have read meanwhile, and the loop not looked.</summary>
    private bool IsTooSlowAfterSend(Connection connection, long now)
    {
        connection.Flush();
        return Status == SessionStatus.Open && connection.IsTooSlow(now);
    }

    private void SendPing(Heartbeat heartbeat, long now)
    {
        heartbeat.NextPing = now + Profile.PingInterval;
        if (_connection is { IsSendBlocked: true })
        {
            return; // A peer that does not read needs no more bytes.
        }

        LoopClock clock = Services.Transport.Clock;
        heartbeat.Sent(clock.Now, clock.StalledTime);
        var ping = new Ping((ulong)clock.Now);
        var writer = new PingBody(PingId, ping);
        SendBody(in writer);
    }

    private DispatchVerdict AnswerPing(uint id, ref NetReader reader)
    {
        if (!Contract.TryReadLast(ref reader, out Ping ping))
        {
            return DispatchVerdict.Malformed;
        }

        Respond(id, new Pong(ping.ClientTime, Services.Tick.Number, (ulong)Services.Transport.Clock.ReadPrecise()));
        return DispatchVerdict.Accepted;
    }

    private void OnPong(ref NetReader reader)
    {
        if (!TryReadError(ref reader, out RequestException? error))
        {
            EndMalformed();
        }
        else if (error is not null)
        {
            _heartbeat?.Forget();
        }
        else if (Contract.TryReadLast(ref reader, out Pong pong))
        {
            _heartbeat?.Answered(in pong, Services.Transport.Clock.ReadPrecise(), Services.Transport.Clock.StalledTime);
        }
        else
        {
            EndMalformed();
        }
    }

    private readonly struct PingBody(uint id, Ping ping) : IBody
    {
        public void Write(ref NetWriter writer)
        {
            writer.WriteArrayHeader(4);
            writer.Write((int)BodyShape.Request);
            writer.Write(id);
            writer.Write(ControlTypes.Ping);
            Contract.Write(ref writer, in ping);
        }
    }
}
