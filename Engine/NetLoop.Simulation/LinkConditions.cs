namespace NetLoop;

/// <summary>Properties of the link between two simulated hosts.</summary>
/// <param name="Latency">Minimum one-way latency; zero or more.</param>
/// <param name="Jitter">Maximum time added to each segment's latency; a stream keeps its order.</param>
/// <param name="Loss">
/// Probability, 0 to below 1, that a segment is lost. TCP sends it again, and the stream stalls for <see cref="RetransmissionTimeout"/>.
/// </param>
/// <param name="BytesPerSecond">Bandwidth of the link; 0 for no limit.</param>
/// <remarks>Thread: any; immutable.</remarks>
public sealed record LinkConditions(TimeSpan Latency, TimeSpan Jitter = default, double Loss = 0, long BytesPerSecond = 0)
{
    /// <summary>No latency, no loss, no limit of bandwidth.</summary>
    public static LinkConditions Perfect { get; } = new(TimeSpan.Zero);

    /// <summary>Minimum time before TCP sends a lost segment again: 200 ms, or twice the round trip if that is longer.</summary>
    /// <remarks>Source: TCP_RTO_MIN of Linux; RFC 6298 says one second.</remarks>
    public TimeSpan RetransmissionTimeout => TimeSpan.FromTicks(Math.Max(200 * TimeSpan.TicksPerMillisecond, 4 * (Latency + Jitter).Ticks));

    /// <summary>Creates a link that loses segments.</summary>
    /// <param name="loss">0 to below 1.</param>
    /// <param name="latency">One-way latency; the jitter is half of it.</param>
    public static LinkConditions Lossy(double loss, TimeSpan latency) => new(latency, latency / 2, loss);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it and the values that are allowed.</exception>
    internal void Validate()
    {
        Require(Latency >= TimeSpan.Zero && Latency <= TimeSpan.FromMinutes(1), nameof(Latency), Latency, "0 to 1 minute");
        Require(Jitter >= TimeSpan.Zero && Jitter <= TimeSpan.FromMinutes(1), nameof(Jitter), Jitter, "0 to 1 minute");
        Require(Loss is >= 0 and < 1, nameof(Loss), Loss, "0 to below 1");
        Require(BytesPerSecond >= 0, nameof(BytesPerSecond), BytesPerSecond, "a positive number, or 0 for no limit");
    }

    private static void Require(bool holds, string option, object value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} is {value}; allowed: {allowed}.");
        }
    }
}
