namespace NetLoop.Stack;

/// <summary>Times of keep-alive probes: after 5 s, then every 4 s, three times, so that a dead peer is detected after 17 s.</summary>
/// <remarks>Source: the values of TigerBeetle's message bus. The kernel's defaults would take more than two hours.</remarks>
internal static class KeepAliveTiming
{
    public const int IdleSeconds = 5;
    public const int IntervalSeconds = 4;
    public const int Probes = 3;
}
