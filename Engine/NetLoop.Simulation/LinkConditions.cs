namespace NetLoop;

/// <summary>Properties of the link between two simulated hosts.</summary>
/// <param name="Latency">Minimum one-way latency; zero or more.</param>
/// <param name="Jitter">Maximum time added to the latency of each segment or datagram. A stream keeps its order; datagrams may overtake each other.</param>
/// <param name="Loss">
/// Probability, 0 to below 1, that a segment or datagram is lost. TCP sends the segment again, and the stream stalls for
/// <see cref="RetransmissionTimeout"/>; a datagram is gone.
/// </param>
/// <param name="BytesPerSecond">Bandwidth of the link; 0 for no limit. Datagrams that find its queue full are lost, see <see cref="QueueBytes"/>.</param>
/// <remarks>Thread: any; immutable.</remarks>
public sealed record LinkConditions(TimeSpan Latency, TimeSpan Jitter = default, double Loss = 0, long BytesPerSecond = 0)
{
    /// <summary>No latency, no loss, no limit of bandwidth.</summary>
    public static LinkConditions Perfect { get; } = new(TimeSpan.Zero);

    /// <summary>Probability, 0 to below 1, that a datagram arrives twice. Has no effect on streams.</summary>
    public double Duplication { get; init; }

    /// <summary>
    /// Probability, 0 to below 1, that a datagram is held back for up to latency and jitter once more, but at least up to 1 ms, so that later ones overtake
    /// it. Has no effect on streams.
    /// </summary>
    public double Reordering { get; init; }

    /// <summary>
    /// Capacity of the queue in front of a link with limited bandwidth, in bytes: a datagram that does not fit is lost. Has no effect on streams.
    /// </summary>
    public int QueueBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Maximum size of an IP packet in bytes, with its headers (28 bytes for UDP over IPv4, 48 over IPv6); 0 for no limit. A longer datagram that must not be
    /// fragmented is refused when it is sent; others arrive in fragments. Has no effect on streams.
    /// </summary>
    public int MaxPacketBytes { get; init; }

    /// <summary>
    /// Size in bytes above which packets are dropped silently, with their headers; 0 for none. This is a path whose routers do not report that a datagram is
    /// too long. Has no effect on streams.
    /// </summary>
    public int DroppedPacketBytes { get; init; }

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
        Require(Duplication is >= 0 and < 1, nameof(Duplication), Duplication, "0 to below 1");
        Require(Reordering is >= 0 and < 1, nameof(Reordering), Reordering, "0 to below 1");
        Require(QueueBytes > 0, nameof(QueueBytes), QueueBytes, "a positive number");
        Require(MaxPacketBytes is 0 or >= 576, nameof(MaxPacketBytes), MaxPacketBytes, "at least 576, or 0 for no limit");
        Require(DroppedPacketBytes >= 0, nameof(DroppedPacketBytes), DroppedPacketBytes, "a positive number, or 0 for none");
    }

    private static void Require(bool holds, string option, object value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} is {value}; allowed: {allowed}.");
        }
    }
}
