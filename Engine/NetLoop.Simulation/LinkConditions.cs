namespace NetLoop;

/// <summary>What the way between two simulated hosts is like.</summary>
/// <param name="Latency">One way, at least; zero or more.</param>
/// <param name="Jitter">Up to so much is added to each segment's latency; a stream keeps its order all the same.</param>
/// <param name="Loss">
/// Probability, 0 to below 1, that a segment is lost. TCP sends it again: the stream stands still for <see cref="RetransmissionTimeout"/>.
/// </param>
/// <param name="BytesPerSecond">What the way carries; 0 for any amount.</param>
/// <remarks>Thread: any; immutable.</remarks>
public sealed record LinkConditions(TimeSpan Latency, TimeSpan Jitter = default, double Loss = 0, long BytesPerSecond = 0)
{
    /// <summary>No latency, no loss, any amount.</summary>
    public static LinkConditions Perfect { get; } = new(TimeSpan.Zero);

    /// <summary>How long TCP waits at least before it sends a lost segment again: 200 ms, or twice the round trip if that is longer.</summary>
    /// <remarks>Source: TCP_RTO_MIN of Linux; RFC 6298 says one second.</remarks>
    public TimeSpan RetransmissionTimeout => TimeSpan.FromTicks(Math.Max(200 * TimeSpan.TicksPerMillisecond, 4 * (Latency + Jitter).Ticks));

    /// <summary>A way that loses segments.</summary>
    /// <param name="loss">0 to below 1.</param>
    /// <param name="latency">One way; half as much again is jitter.</param>
    public static LinkConditions Lossy(double loss, TimeSpan latency) => new(latency, latency / 2, loss);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message says which and what is allowed.</exception>
    internal void Validate()
    {
        Require(Latency >= TimeSpan.Zero && Latency <= TimeSpan.FromMinutes(1), nameof(Latency), Latency, "0 to 1 minute");
        Require(Jitter >= TimeSpan.Zero && Jitter <= TimeSpan.FromMinutes(1), nameof(Jitter), Jitter, "0 to 1 minute");
        Require(Loss is >= 0 and < 1, nameof(Loss), Loss, "0 to below 1");
        Require(BytesPerSecond >= 0, nameof(BytesPerSecond), BytesPerSecond, "0 for any amount, or more");
    }

    private static void Require(bool holds, string option, object value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} is {value}; allowed: {allowed}.");
        }
    }
}
