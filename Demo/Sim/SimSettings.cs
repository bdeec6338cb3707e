using NetLoop.Demo.Sim.Coverage;
using NetLoop.Simulation;
using NetLoop.Worlds;

namespace NetLoop.Demo.Sim;

/// <summary>What <c>netloop sim</c> was asked for.</summary>
internal sealed record SimSettings
{
    /// <summary>The first seed.</summary>
    public required ulong First { get; init; }

    /// <summary>The last one; with a budget alone there is no end.</summary>
    public required ulong Last { get; init; }

    public required int Jobs { get; init; }

    /// <summary>The kinds of worlds; each seed runs the next one.</summary>
    public required WorldKind[] Worlds { get; init; }

    public required FaultFilter Faults { get; init; }

    /// <summary>Clients instead of those drawn; 0 for those drawn.</summary>
    public int Clients { get; init; }

    /// <summary>Time of faults instead of that drawn; zero for that.</summary>
    public TimeSpan Safety { get; init; }

    /// <summary>The server's tick to stop after; 0 runs to the end.</summary>
    public long UntilTick { get; init; }

    /// <summary>A file for every event; null for none.</summary>
    public string? TraceFile { get; init; }

    /// <summary>Whether every seed runs twice.</summary>
    public bool ChecksDeterminism { get; init; }

    /// <summary>Whether the first failure is made smaller.</summary>
    public bool Shrinks { get; init; }

    /// <summary>What is printed of faults and lines that happened.</summary>
    public CoverageReport Coverage { get; init; }

    /// <summary>Whether a single world says first what its seed drew; one that fails says so in any case.</summary>
    public bool IsVerbose { get; init; }

    public bool IsSingle => First == Last;

    public WorldOptions OptionsOf(ulong seed, CancellationToken cancellation) => new(seed, Worlds[seed % (ulong)Worlds.Length])
    {
        Faults = Faults,
        Clients = Clients,
        Safety = Safety,
        UntilTick = UntilTick,
        Cancellation = cancellation,
    };
}
