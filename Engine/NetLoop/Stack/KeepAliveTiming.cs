namespace NetLoop.Stack;

/// <summary>When an idle connection is probed: after 5 s, every 4 s, three times, so that a dead peer is known after 17 s.</summary>
/// <remarks>Source: the values of TigerBeetle's message bus; the kernel's own would take more than two hours.</remarks>
internal static class KeepAliveTiming
{
    public const int IdleSeconds = 5;
    public const int IntervalSeconds = 4;
    public const int Probes = 3;
}
