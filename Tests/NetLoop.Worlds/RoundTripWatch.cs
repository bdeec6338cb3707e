using NetLoop.Time;

namespace NetLoop.Worlds;

/// <summary>Compares a session's smoothed round trip with the link's latency.</summary>
/// <remarks>Each Ping moves the estimate by an eighth of the difference (RFC 6298), so the estimates before and after tell how many Pings counted.</remarks>
internal sealed class RoundTripWatch(Session session)
{
    private const double Kept = 7.0 / 8;

    /// <summary>Tolerance for integer arithmetic and ticks of 100 ns.</summary>
    private const double Rounding = 10_000;

    private readonly long _before = session.RoundTripTime.Ticks * 100;

    // Age of a Ping that was sent before this watch began: it may have waited behind everything that was queued. The loop's time is as old as its last
    // iteration, which is one gap at most.
    private readonly long? _underWay = session.Services.Transport.Clock.Now - session.Deadlines.Heartbeat?.MeasuredSince + LoopClock.LongestGap;

    /// <param name="world">The world whose invariant is checked.</param>
    /// <param name="time">Nanoseconds since this watch began.</param>
    /// <param name="interval">Nanoseconds between two Pings.</param>
    /// <param name="fastest">The shortest round trip that the link allows, in nanoseconds.</param>
    /// <param name="slowest">The longest round trip, in nanoseconds.</param>
    public void Check(World world, long time, long interval, long fastest, long slowest)
    {
        long after = session.RoundTripTime.Ticks * 100;

        // One Ping may be in flight when this begins, and no other is measured until its response arrives. A new session sends its first Ping soon.
        long most = (time / interval) + 2;
        long measured = time - slowest - (_underWay is null ? 0 : slowest);
        long least = Math.Max(0, (measured / interval) - 1);
        if (session.Status != SessionStatus.Open || (_before == 0 && least == 0))
        {
            return;
        }

        double lowest = _before == 0 ? fastest : _before;
        double highest = _before == 0 ? slowest : _before;
        if (_underWay is { } underWay)
        {
            double longest = underWay + slowest;
            highest = _before == 0 ? longest : Math.Max(highest, Moved(_before, longest, 1));
        }

        lowest = Math.Min(Moved(lowest, fastest, least), Moved(lowest, fastest, most)) - Rounding;
        highest = Math.Max(Moved(highest, slowest, least), Moved(highest, slowest, most)) + Rounding;
        world.Require(
            after >= lowest && after <= highest,
            "I35",
            $"the round trip of {session} was {_before} ns and is {after} ns after {least} to {most} pings on a way of {fastest} to {slowest}");
    }

    private static double Moved(double estimate, double measured, long pings)
    {
        double kept = Math.Pow(Kept, pings);
        return (estimate * kept) + (measured * (1 - kept));
    }
}
