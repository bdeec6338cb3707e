using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Time;
using NetLoop.Transports.Streams;

namespace NetLoop;

/// <content>What time does to a session: handshake, idle, heartbeat, slow consumers. One timer a session, set to the earliest of its deadlines.</content>
public sealed partial class Session
{
    /// <summary>The number of the engine's own Ping, which no request of the tracker has. One at a time is outstanding.</summary>
    private const uint PingId = uint.MaxValue;

    /// <summary>A peer that reads less than this for long is not slow but hostile; the rate is that of other well-known servers.</summary>
    private const long MinReadBytesPerSecond = 240;

    /// <summary>How often a backlog is looked at in the time it may last: so much later than the limit a slow consumer ends at most.</summary>
    private const int BacklogLooksPerLimit = 5;

    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long Never = long.MaxValue;

    private RoundTripEstimator _roundTrip;
    private TimerHandle _timer;
    private long _startedAt;
    private long _lastBody;
    private long _nextPing;
    private long _pingSentAt = -1;
    private long _inputEndedAt = -1;
    private long _overBacklogSince = -1;

    void ITimerTarget.OnTimer(int kind)
    {
        long now = _services.Transport.Clock.Now;
        _timer = default;
        if (_connection is null || EndIfOverdue(_connection, now))
        {
            return;
        }

        if (Status == SessionStatus.Open && _settings.PingInterval > 0 && now >= _nextPing)
        {
            SendPing(now);
        }

        RescheduleDeadlines();
    }

    private void BeginDeadlines()
    {
        long now = _services.Transport.Clock.Now;
        _startedAt = now;
        _lastBody = now;
        // The first Ping soon, so that a round trip is known; then at the interval.
        _nextPing = now + Math.Min(_settings.PingInterval, NanosecondsPerSecond);
        RescheduleDeadlines();
    }

    private void EndDeadlines() => _services.Transport.Timers.Cancel(_timer);

    private void RescheduleDeadlines()
    {
        long due = NextDeadline();
        if (due == Never)
        {
            _services.Transport.Timers.Cancel(_timer);
            _timer = default;
        }
        else if (!_services.Transport.Timers.Reschedule(_timer, due))
        {
            _timer = _services.Transport.Timers.Schedule(due, this, 0);
        }
    }

    private long NextDeadline()
    {
        switch (Status)
        {
            case SessionStatus.Opening:
                return _startedAt + _settings.HandshakeTimeout;

            case SessionStatus.Closed:
                return Never;
        }

        long due = Never;
        if (_settings.IdleTimeout > 0)
        {
            due = _lastBody + _settings.IdleTimeout;
        }

        if (_settings.PingInterval > 0)
        {
            due = Math.Min(due, _nextPing);
        }

        if (_inputEndedAt >= 0)
        {
            due = Math.Min(due, _inputEndedAt + _settings.CloseTimeout);
        }

        if (_connection?.Backlog is { IsBlocked: true } backlog)
        {
            long now = _services.Transport.Clock.Now;
            due = Math.Min(due, backlog.LastProgress + _settings.MaxSendStall);
            due = Math.Min(due, now + (_settings.MaxSendBacklogTime / BacklogLooksPerLimit));
        }

        return due;
    }

    private bool EndIfOverdue(StreamConnection connection, long now)
    {
        if (Status == SessionStatus.Opening)
        {
            if (now - _startedAt >= _settings.HandshakeTimeout)
            {
                End(CloseReason.HandshakeTimeout, "No Hello within the handshake time-out.");
            }

            return Status == SessionStatus.Closed;
        }

        if (connection.IsReadPaused)
        {
            // It is we who do not read: the peer is not idle.
            _lastBody = now;
        }

        if (_settings.IdleTimeout > 0 && _inputEndedAt < 0 && now - _lastBody >= _settings.IdleTimeout)
        {
            End(CloseReason.Idle, "Nothing arrived for the idle time-out.");
        }
        else if (_inputEndedAt >= 0 && now - _inputEndedAt >= _settings.CloseTimeout)
        {
            End(CloseReason.Normal, "", isByPeer: true);
        }
        else if (IsTooSlow(connection, now))
        {
            End(CloseReason.SlowConsumer, "The peer does not read fast enough.");
        }

        return Status == SessionStatus.Closed;
    }

    private bool IsTooSlow(StreamConnection connection, long now)
    {
        if (connection.Backlog is not { IsBlocked: true } backlog)
        {
            _overBacklogSince = -1;
            return false;
        }

        if (connection.QueuedBytes <= _settings.Options.MaxSendBacklogBytes)
        {
            _overBacklogSince = -1;
        }
        else if (_overBacklogSince < 0)
        {
            _overBacklogSince = now;
        }

        long blockedFor = now - backlog.Since;
        return now - backlog.LastProgress >= _settings.MaxSendStall
            || (_overBacklogSince >= 0 && now - _overBacklogSince >= _settings.MaxSendBacklogTime)
            || (blockedFor >= _settings.MaxSendBacklogTime && backlog.SentBytes < blockedFor / NanosecondsPerSecond * MinReadBytesPerSecond);
    }

    private void SendPing(long now)
    {
        _nextPing = now + _settings.PingInterval;
        if (_pingSentAt >= 0 || _connection is null || _connection.Backlog is { IsBlocked: true })
        {
            return; // One at a time; and a peer that does not read needs no more bytes.
        }

        _pingSentAt = now;
        var ping = new Ping((ulong)now);
        var writer = new PingBody(PingId, ping);
        SendBody(in writer);
    }

    private DispatchVerdict AnswerPing(uint id, ref MessagePackReader reader)
    {
        if (!Contract.TryReadLast(ref reader, out Ping ping))
        {
            return DispatchVerdict.Malformed;
        }

        Respond(id, new Pong(ping.ClientTime, _services.Tick.Number, (ulong)_services.Transport.Clock.ReadPrecise()));
        return DispatchVerdict.Accepted;
    }

    private void OnPong(ref MessagePackReader reader)
    {
        if (!TryReadError(ref reader, out RequestError? error))
        {
            EndMalformed();
        }
        else if (error is not null)
        {
            _pingSentAt = -1;
        }
        else if (Contract.TryReadLast(ref reader, out Pong pong))
        {
            Measure(pong);
        }
        else
        {
            EndMalformed();
        }
    }

    /// <summary>Feeds the answer to our Ping. Only the echo of the outstanding one counts: a peer must not choose our measurements.</summary>
    private void Measure(in Pong pong)
    {
        if (_pingSentAt >= 0 && pong.ClientTime == (ulong)_pingSentAt)
        {
            _roundTrip.Update(_pingSentAt, _services.Transport.Clock.ReadPrecise(), pong.ServerTime);
            _pingSentAt = -1;
        }
    }

    private readonly struct PingBody(uint id, Ping ping) : IBody
    {
        public void Write(ref MessagePackWriter writer)
        {
            writer.WriteArrayHeader(4);
            writer.Write((int)BodyShape.Request);
            writer.Write(id);
            writer.Write(ControlTypes.Ping);
            Contract.Write(ref writer, in ping);
        }
    }
}
