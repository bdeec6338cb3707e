using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop.Sessions;

/// <summary>
/// The deadlines of a session: handshake, idle, heartbeat, slow consumer, the end of its input. There is one timer, set to the earliest of them.
/// </summary>
/// <remarks>Thread: loop. All times are peer time, in nanoseconds.</remarks>
internal struct SessionDeadlines
{
    private const long Never = long.MaxValue;

    // The time of the last body. Before the first body: when the session started to open, or opened. After the end of the input: when the input ended.
    private long _lastInput;

    /// <summary>Its Pings; null if it sends none.</summary>
    public Heartbeat? Heartbeat { get; private set; }

    /// <summary>The timer of the earliest deadline.</summary>
    public TimerHandle Timer { get; private set; }

    /// <summary>Records that input arrived.</summary>
    public void Heard(long now) => _lastInput = now;

    /// <summary>Starts the deadlines: when a session starts to open, and again when it is open.</summary>
    public void Begin(Session session)
    {
        long now = session.Services.Transport.Clock.PeerTime;
        _lastInput = now;
        long interval = session.Profile.PingInterval;
        if (interval > 0 && session.Status == SessionStatus.Open)
        {
            // The first Ping is sent soon, to measure the round trip; the others follow at the interval.
            Heartbeat = new Heartbeat(now + Math.Min(interval, LoopClock.NanosecondsPerSecond));
        }

        Reschedule(session);
    }

    /// <summary>Stops the deadlines.</summary>
    public readonly void End(Session session) => session.Services.Transport.Timers.Cancel(Timer);

    /// <summary>Sets the timer again, after a change that a deadline depends on.</summary>
    public void Reschedule(Session session)
    {
        TimerQueue timers = session.Services.Transport.Timers;
        long due = Next(session);
        if (due == Never)
        {
            timers.Cancel(Timer);
            Timer = default;
        }
        else if (!timers.Reschedule(Timer, due))
        {
            Timer = timers.Schedule(due, session);
        }
    }

    /// <summary>The timer fired: ends the session if it is overdue, or sends a due Ping.</summary>
    public void OnTimer(Session session)
    {
        long now = session.Services.Transport.Clock.PeerTime;
        Timer = default;
        if (session.Status == SessionStatus.Closed || EndIfOverdue(session, now))
        {
            return;
        }

        if (Heartbeat is not null && now >= Heartbeat.NextPing)
        {
            Heartbeat.Send(session, now);
        }

        Reschedule(session);
    }

    private readonly long Next(Session session)
    {
        SessionProfile profile = session.Profile;
        switch (session.Status)
        {
            case SessionStatus.Opening:
                return _lastInput + profile.HandshakeTimeout;

            case SessionStatus.Closed:
                return Never;
        }

        long due = Never;
        if (session.HasInputEnded)
        {
            due = _lastInput + profile.CloseTimeout;
        }
        else if (profile.IdleTimeout > 0)
        {
            due = _lastInput + profile.IdleTimeout;
        }

        if (Heartbeat is not null)
        {
            due = Math.Min(due, Heartbeat.NextPing);
        }

        return session.ActiveConnection is { } connection ? Math.Min(due, connection.SlowPeerDeadline(session.Services.Transport.Clock.PeerTime)) : due;
    }

    private bool EndIfOverdue(Session session, long now)
    {
        SessionProfile profile = session.Profile;
        if (IsInputOverdue(session, now) && !session.ReadWaiting())
        {
            return false; // The input cannot be read right now, so the deadline stays due.
        }

        if (!session.HasInputEnded
            && session.ActiveConnection is { IsReadPaused: true }
            && (session.Status == SessionStatus.Open || !session.Services.Inbox.HasRoom))
        {
            // This side does not read, so the peer is not idle.
            _lastInput = now;
        }

        if (session.Input is { HasEnded: true, IsHandled: false } input && AreHandlersAtWork(session.Services, input))
        {
            // Nor is the peer to blame for late handlers: its last input is in the inbox and will be handled.
            _lastInput = now;
        }

        if (session.Status == SessionStatus.Opening)
        {
            if (now - _lastInput >= profile.HandshakeTimeout)
            {
                session.End(CloseReason.HandshakeTimeout, session.HandshakeTimeoutText);
            }

            return session.Status == SessionStatus.Closed;
        }

        if (session.Status == SessionStatus.Closed)
        {
            return true;
        }

        if (session.HasInputEnded && now - _lastInput >= profile.CloseTimeout)
        {
            session.EndAfterInput();
        }
        else if (!session.HasInputEnded && profile.IdleTimeout > 0 && now - _lastInput >= profile.IdleTimeout)
        {
            session.End(CloseReason.Idle, "Nothing arrived for the idle timeout.");
        }
        else if (session.ActiveConnection is { } connection && connection.IsTooSlow(now) && IsTooSlowAfterSend(session, connection, now))
        {
            session.End(CloseReason.SlowConsumer, "The peer does not read fast enough.");
        }

        return session.Status == SessionStatus.Closed;
    }

    /// <summary>
    /// Whether handlers have made progress with the inbox since the last call. Handlers on the loop always do, but one on its own thread may hang. Progress
    /// is counted in runs: a batch of slow handlers may take longer than the close timeout, and is done only when its last one is.
    /// </summary>
    private static bool AreHandlersAtWork(LoopServices services, SessionInput input)
    {
        bool isProgress = input.HasProgress(services.Work.Count);
        return isProgress || services.Lender is not null;
    }

    /// <summary>Whether the time in which the peer must send something is over.</summary>
    private readonly bool IsInputOverdue(Session session, long now) => session.Status switch
    {
        SessionStatus.Opening => now - _lastInput >= session.Profile.HandshakeTimeout,
        SessionStatus.Open => !session.HasInputEnded && session.Profile.IdleTimeout > 0 && now - _lastInput >= session.Profile.IdleTimeout,
        _ => false,
    };

    /// <summary>Tries to send the queued bytes before the peer counts as too slow, because it may have read in the meantime.</summary>
    private static bool IsTooSlowAfterSend(Session session, Connection connection, long now)
    {
        connection.Flush();
        return session.Status == SessionStatus.Open && connection.IsTooSlow(now);
    }
}
