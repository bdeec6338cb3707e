using NetLoop.Messaging;
using NetLoop.Time;

namespace NetLoop.Sessions;

/// <summary>The Pings of one session, one of which is measured at a time, and the results of the measurements.</summary>
/// <remarks>
/// Thread: loop; the measurements may be read from any. Times are loop nanoseconds. A Ping is sent even while an earlier one has no response: the response
/// may be queued behind seconds of other data, and to the peer a side that only reads would seem idle.
/// </remarks>
/// <param name="firstPing">The time of the first Ping.</param>
internal sealed class Heartbeat(long firstPing)
{
    /// <summary>The id of the engine's own Pings, which no tracked request has. Several may be outstanding; their times tell them apart.</summary>
    public const uint PingId = uint.MaxValue;

    private const long NoPing = -1;

    private RoundTripEstimator _roundTrip;
    private long _sentAt = NoPing;
    private long _stalledAtSend;

    /// <summary>The time of the next Ping.</summary>
    public long NextPing { get; set; } = firstPing;

    /// <summary>Smoothed round trip; 0 before the first response.</summary>
    public long RoundTrip => _roundTrip.SmoothedRoundTrip;

    /// <summary>Loop time at which the Ping that is being measured was sent; null when there is none. For the simulator's invariants.</summary>
    public long? MeasuredSince => _sentAt == NoPing ? null : _sentAt;

    /// <summary>The value to add to this side's clock to get the peer's.</summary>
    public long ClockOffset => _roundTrip.ClockOffset;

    /// <summary>Responds to the other side's Ping. Thread: loop.</summary>
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
    /// <param name="session">The session.</param>
    /// <param name="now">Peer time.</param>
    public void Send(Session session, long now)
    {
        NextPing = now + session.Profile.PingInterval;
        if (session.ActiveConnection is { IsSendBlocked: true })
        {
            return; // A peer that does not read gets no additional bytes.
        }

        LoopClock clock = session.Services.Transport.Clock;
        Sent(clock.Now, clock.StalledTime);
        var ping = new Ping((ulong)clock.Now);
        var body = new RequestBody<Ping>(PingId, in ping);
        session.SendBody(in body);
    }

    /// <summary>Handles the response to one of the session's Pings. Thread: loop.</summary>
    /// <returns>False if it is malformed.</returns>
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

    /// <summary>Records that a Ping is sent. It is measured unless an earlier one is still being measured.</summary>
    /// <param name="now">The time of the send.</param>
    /// <param name="stalled">The total time for which the loop has been stalled so far.</param>
    public void Sent(long now, long stalled)
    {
        if (_sentAt == NoPing)
        {
            _sentAt = now;
            _stalledAtSend = stalled;
        }
    }

    /// <summary>Stops the measurement, because there will be no response.</summary>
    public void Forget() => _sentAt = NoPing;

    /// <summary>
    /// Records a response. Only the response to the measured Ping counts, so that a peer cannot choose the measurements. A response is also ignored if the
    /// loop was stalled while it waited.
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
