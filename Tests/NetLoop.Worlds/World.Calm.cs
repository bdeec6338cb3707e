namespace NetLoop.Worlds;

/// <content>The calm after the faults: nothing goes wrong, so nothing may be lost, late or left over.</content>
internal sealed partial class World
{
    private const ulong CalmStream = 61;
    private const long LongestUsualCalm = 12_000 * Millisecond;

    /// <summary>The most that a loop, a handler and a queue may add to a round trip on a link that is otherwise unused.</summary>
    private const long RoundTripSlack = 100 * Millisecond;

    /// <summary>The longest round trip of a link that counts as fast.</summary>
    private const long FastRoundTrip = 100 * Millisecond;

    private long LatencyNanoseconds => Network.Link.Latency.Ticks * 100;

    private long JitterNanoseconds => Network.Link.Jitter.Ticks * 100;

    /// <summary>Whether bytes arrive soon and nobody is slow to act on them.</summary>
    private bool IsPrompt =>
        !Settings.IsOverload
        && 2 * (LatencyNanoseconds + JitterNanoseconds) <= FastRoundTrip
        && Math.Min(Settings.SendBufferBytes, Settings.ReceiveBufferBytes) >= 16_384;

    /// <summary>Whether a request that is sent now has no reason to time out.</summary>
    public bool MustBeAnsweredInTime => Phase == WorldPhase.Calm && IsPrompt && Settings.RequestTimeout >= TimeSpan.FromSeconds(2);

    /// <summary>The longest that anything may wait for a peer, in nanoseconds.</summary>
    public long LongestTimeout =>
        Settings.IsOverload
            ? long.MaxValue
            : Math.Max(
                Settings.IdleTimeout.Ticks,
                Math.Max(Settings.HandshakeTimeout.Ticks, Math.Max(Settings.CloseTimeout.Ticks, TimeSpan.FromSeconds(10).Ticks))) * 100;

    /// <summary>Whether both sides have the session of a client; the server may learn late that a client died.</summary>
    private static bool IsLiving(ClientLife life, bool isClient) => isClient || (life.Connection is not null && !life.WasClosed);

    /// <summary>How long the phase lasts: longer than the idle timeout, except in most worlds with a long idle timeout.</summary>
    private long CalmTime(SeededRandom random)
    {
        long time = 2 * Settings.IdleTimeout.Ticks * 100;
        return Settings.TickRate == 0 || random.Chance(0.1) ? time : Math.Min(time, LongestUsualCalm);
    }

    private bool RunCalm()
    {
        SeededRandom random = SeededRandom.For(Settings.Options.Seed, CalmStream);
        if (!Settings.IsUnix && random.Chance(0.5))
        {
            LengthenWays(TimeSpan.FromMilliseconds(random.Between(5, 60)));
            if (!RunFor((2 * (LatencyNanoseconds + JitterNanoseconds)) + RoundTripSlack))
            {
                return false;
            }
        }

        long time = CalmTime(random);
        List<RoundTripWatch> roundTrips = [.. OpenSessions().Select(session => new RoundTripWatch(session))];
        long ticksBefore = Server.CountTicks();
        Enter(WorldPhase.Calm);
        if (!RunFor(time))
        {
            return false;
        }

        CheckTicks(Server.CountTicks() - ticksBefore, time);
        if (!Settings.IsOverload)
        {
            // As measured by a clock that drifts.
            long fastest = 2 * LatencyNanoseconds * 999 / 1_000;
            long slowest = (2 * (fastest + (2 * JitterNanoseconds))) + RoundTripSlack;
            roundTrips.ForEach(watch => watch.Check(this, time, Settings.IdleTimeout.Ticks * 100 / 3, fastest, slowest));
        }

        Enter(WorldPhase.Quiet);
        if (!RunWhile(static world => !world.IsEverythingDone, Settings.Liveness))
        {
            return false;
        }

        Require(IsEverythingDone, "I7", $"{Settings.Liveness / 1e9} s after the last message in the calm {Missing()}");
        if (Settings.IsThreaded && !RunFor(RoundTripSlack))
        {
            return false; // A thread may have responded and be interrupted before it counts that.
        }

        CheckRest(time);
        return _violation is null;
    }

    /// <summary>The latency between every client and the server grows, as when a player's phone changes its network.</summary>
    private void LengthenWays(TimeSpan latency)
    {
        Network.Link = Network.Link with { Latency = Network.Link.Latency + latency };
        foreach (ClientNode node in _nodes)
        {
            Network.SetLink(node.Host, Server.Host, Network.Link);
        }
    }

    private void CheckTicks(long ticks, long time)
    {
        // Clocks drift by at most 500 ppm, and one tick may fall on either end.
        double expected = time / 1e9 * Settings.TickRate;
        double tolerance = 3 + (expected / 1_000);
        Require(
            Settings.IsOverload || Math.Abs(ticks - expected) <= tolerance,
            "I8",
            $"the server had {ticks} ticks in {time / 1e9} s in which nothing went wrong, and {expected} were due");
    }

    /// <summary>When everything is done, nothing may be counted as in progress.</summary>
    private void CheckRest(long calm)
    {
        // A session that was opening when its client's process died has been closed by now.
        bool areOpeningsOver = calm >= (Settings.HandshakeTimeout + Settings.CloseTimeout).Ticks * 100;
        foreach (LoopWatch watch in _watches)
        {
            watch.CheckAtRest(areOpeningsOver);
        }

        foreach (Session session in OpenSessions())
        {
            Require(
                session is { Requests.Outstanding: 0, PendingHandlers: 0, PendingBytes: 0 },
                "I34",
                $"nothing is under way, and {session} has {session.Requests.Outstanding} requests, {session.PendingHandlers} handlers and "
                    + $"{session.PendingBytes} bytes of theirs");
        }
    }

    private IEnumerable<Session> OpenSessions()
    {
        foreach (ClientLife? life in _nodes.SelectMany(static node => node.Lives))
        {
            if (life is { IsOpen: true })
            {
                yield return life.Connection!.Session;
            }
        }

        foreach (ServerSession session in Server.Sessions)
        {
            if (session.Life is { IsOpen: true })
            {
                yield return session.Session;
            }
        }
    }
}
