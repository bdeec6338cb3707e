namespace NetLoop.Simulation;

/// <summary>The clock of one simulated host: virtual time, a little fast or slow, with a wall clock that may jump.</summary>
internal sealed class HostClock(SimulatedHost host) : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How much faster it runs than virtual time, in parts per million; negative if it is slower.</summary>
    public long DriftPartsPerMillion { get; set; }

    /// <summary>The error of the wall clock.</summary>
    public TimeSpan WallOffset { get; set; }

    /// <summary>The time of one read in nanoseconds, so that time passes while the host computes.</summary>
    public long ReadCost { get; set; } = 20;

    public override long TimestampFrequency => 1_000_000_000;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp()
    {
        host.Compute(ReadCost);
        return Of(host.Now);
    }

    public override DateTimeOffset GetUtcNow() => Epoch + WallOffset + TimeSpan.FromTicks(host.Now / 100);

    /// <summary>A timer in virtual time; its callback runs between two iterations, on the thread that advances the simulation.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(host, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The time that this clock shows at a virtual time.</summary>
    public long Of(long time) => time + (long)(((Int128)time * DriftPartsPerMillion) / 1_000_000);

    /// <summary>The virtual time at which this clock will have advanced by a number of nanoseconds, or just after it.</summary>
    public long After(long nanoseconds) => host.Now + (long)(((Int128)nanoseconds * 1_000_000) / (1_000_000 + DriftPartsPerMillion)) + 1;
}
