namespace NetLoop.Tests.Simulation.Parity;

/// <summary>Scripts for which the simulation deliberately differs from the kernel, each with the reason. A script that no longer differs fails too.</summary>
internal static class KnownDifferences
{
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["Unix: many small sends use up the buffer"] =
            "the kernel charges every send with its bookkeeping, about 768 bytes; the engine gathers what it sends, so that it would hardly matter",
    };

    /// <summary>The reason; null for a script that must not differ.</summary>
    public static string? ReasonFor(ParityScript script) => Reasons.GetValueOrDefault(script.ToString());

    /// <summary>The scripts listed.</summary>
    public static IReadOnlyCollection<string> Scripts => Reasons.Keys;
}
