using NetLoop.Messaging;
using NetLoop.Time;

namespace NetLoop.Sessions;

/// <summary>The Pings of one session, of which one at a time is measured, and what it tells.</summary>
/// <remarks>
/// Thread: loop; the measurements may be read from any. Times are loop nanoseconds. Pings are sent also while one is unanswered: its answer may stand
/// behind seconds of what the peer sends, and to the peer a side that only reads would be idle.
/// </remarks>
/// <param name="firstPing">When the first Ping is due.</param>
internal sealed class Heartbeat(long firstPing)
{
    /// <summary>The number of the engine's own Ping, which no request of a tracker has. Several may be outstanding; their times tell them apart.</summary>
    public const uint PingId = uint.MaxValue;

    private const long NoPing = -1;

    private RoundTripEstimator _roundTrip;
    private long _sentAt = NoPing;
    private long _stalledAtSend;

    /// <summary>When the next Ping is due.</summary>
    public long NextPing { get; set; } = firstPing;

    /// <summary>Smoothed round trip; 0 before the first answer.</summary>
    public long RoundTrip => _roundTrip.SmoothedRoundTrip;

    /// <summary>Loop time at which the Ping that is being measured was sent; null when there is none. For the simulator's invariants.</summary>
    public long? MeasuredSince => _sentAt == NoPing ? null : _sentAt;

    /// <summary>What to add to our clock to get the peer's.</summary>
    public long ClockOffset => _roundTrip.ClockOffset;

    /// <summary>Answers the other side's Ping. Thread: loop.</summary>
    public static DispatchVerdict OnPing(Session session, uint id, ref NetReader reader)
    {
        if (!Contract.TryReadLast(ref reader, out Ping ping))
        {
            return DispatchVerdict.Malformed;
        }

        LoopServices services = session.Services;
        session.Respond(id, new Pong(ping.ClientTime, services.Tick.Number, (ulong)services.Transport.Clock.ReadPrecise()));
        return DispatchVerdict.Accepted;
    }

    /// <summary>Sends a Ping that is due. Thread: loop.</summary>
    /// <param name="session">Whose it is.</param>
    /// <param name="now">Peer time.</param>
    public void Send(Session session, long now)
    {
        NextPing = now + session.Profile.PingInterval;
        if (session.ActiveConnection is { IsSendBlocked: true })
        {
            return; // A peer that does not read needs no more bytes.
        }

        LoopClock clock = session.Services.Transport.Clock;
        Sent(clock.Now, clock.StalledTime);
        var ping = new Ping((ulong)clock.Now);
        var body = new RequestBody<Ping>(PingId, in ping);
        session.SendBody(in body);
    }

    /// <summary>Takes the answer to one of the session's own Pings. Thread: loop.</summary>
    /// <returns>False when it is malformed.</returns>
    public static bool OnPong(Session session, ref NetReader reader)
    {
        Heartbeat? heartbeat = session.Deadlines.Heartbeat;
        if (!BodyRouter.TryReadError(ref reader, out RequestException? error))
        {
            return false;
        }

        if (error is not null)
        {
            heartbeat?.Forget();
            return true;
        }

        if (!Contract.TryReadLast(ref reader, out Pong pong))
        {
            return false;
        }

        LoopClock clock = session.Services.Transport.Clock;
        heartbeat?.Answered(in pong, clock.ReadPrecise(), clock.StalledTime);
        return true;
    }

    /// <summary>Notes that a Ping leaves; it is measured unless an earlier one still is.</summary>
    /// <param name="now">When it leaves.</param>
    /// <param name="stalled">For how long the loop has stood still so far.</param>
    public void Sent(long now, long stalled)
    {
        if (_sentAt == NoPing)
        {
            _sentAt = now;
            _stalledAtSend = stalled;
        }
    }

    /// <summary>The measured one gets no answer.</summary>
    public void Forget() => _sentAt = NoPing;

    /// <summary>
    /// Feeds an answer. Only the echo of the measured Ping counts: a peer must not choose our measurements. Nor does one count that waited
    /// for a loop which stood still.
    /// </summary>
    public void Answered(in Pong pong, long now, long stalled)
    {
        if (_sentAt != NoPing && pong.ClientTime == (ulong)_sentAt)
        {
            if (stalled == _stalledAtSend)
            {
                _roundTrip.Update(_sentAt, now, pong.ServerTime);
            }

            _sentAt = NoPing;
        }
    }
}
