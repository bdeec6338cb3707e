namespace NetLoop.Worlds;

/// <summary>Holds a session's smoothed round trip against the way it measures.</summary>
/// <remarks>Each Ping moves the estimate by an eighth of the difference (RFC 6298), so that before and after tell how many counted.</remarks>
internal sealed class RoundTripWatch(Session session)
{
    private const double Kept = 7.0 / 8;

    /// <summary>Integer arithmetic and ticks of 100 ns.</summary>
    private const double Rounding = 10_000;

    private readonly long _before = session.RoundTripTime.Ticks * 100;

    /// <param name="world">Whose invariant it is.</param>
    /// <param name="time">Nanoseconds since this began.</param>
    /// <param name="interval">Nanoseconds between two Pings.</param>
    /// <param name="fastest">The shortest round trip that the way allows, in nanoseconds.</param>
    /// <param name="slowest">The longest.</param>
    public void Check(World world, long time, long interval, long fastest, long slowest)
    {
        long after = session.RoundTripTime.Ticks * 100;
        // One may be under way when this begins, and a new session sends its first soon.
        long most = (time / interval) + 2;
        long least = Math.Max(0, ((time - slowest) / interval) - 1);
        if (session.Status != SessionStatus.Open || (_before == 0 && least == 0))
        {
            return;
        }

        if (_before == 0)
        {
            world.Require(after >= fastest && after <= slowest, "I35", $"the round trip of {session} is {after} ns, and the way takes {fastest} to {slowest}");
            return;
        }

        double lowest = Math.Min(Moved(fastest, least), Moved(fastest, most)) - Rounding;
        double highest = Math.Max(Moved(slowest, least), Moved(slowest, most)) + Rounding;
        world.Require(
            after >= lowest && after <= highest,
            "I35",
            $"the round trip of {session} was {_before} ns and is {after} ns after {least} to {most} pings on a way of {fastest} to {slowest}");
    }

    private double Moved(long measured, long pings)
    {
        double kept = Math.Pow(Kept, pings);
        return (_before * kept) + (measured * (1 - kept));
    }
}
