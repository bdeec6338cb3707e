using NetLoop.Demo.Sim.Coverage;
using NetLoop.Simulation;
using NetLoop.Worlds;

namespace NetLoop.Demo.Sim;

/// <summary>The settings of <c>netloop sim</c>.</summary>
internal sealed record SimSettings
{
    /// <summary>The first seed.</summary>
    public required ulong First { get; init; }

    /// <summary>The last seed; there is no end if only a budget is given.</summary>
    public required ulong Last { get; init; }

    public required int Jobs { get; init; }

    /// <summary>The kinds of worlds; each seed runs the next kind.</summary>
    public required WorldKind[] Worlds { get; init; }

    public required FaultFilter Faults { get; init; }

    /// <summary>The number of clients; 0 for the number that the seed draws.</summary>
    public int Clients { get; init; }

    /// <summary>The time with faults; zero for the time that the seed draws.</summary>
    public TimeSpan Safety { get; init; }

    /// <summary>Number of reliable messages of worlds of links; 0 for the number that the seed draws.</summary>
    public long Messages { get; init; }

    /// <summary>The wire of worlds of links; null for the one that the seed draws.</summary>
    public LinkConditions? Link { get; init; }

    /// <summary>The server's tick after which the world stops; 0 runs it to the end.</summary>
    public long UntilTick { get; init; }

    /// <summary>A file to which every event is written; null for none.</summary>
    public string? TraceFile { get; init; }

    /// <summary>Whether every seed is run twice.</summary>
    public bool ChecksDeterminism { get; init; }

    /// <summary>Whether the first failure is shrunk.</summary>
    public bool Shrinks { get; init; }

    /// <summary>What is printed about the faults that happened and the lines that ran.</summary>
    public CoverageReport Coverage { get; init; }

    /// <summary>Whether a single world first prints what its seed drew; a world that fails prints it in any case.</summary>
    public bool IsVerbose { get; init; }

    public bool IsSingle => First == Last;

    public WorldOptions OptionsOf(ulong seed, CancellationToken cancellation) => new(seed, Worlds[seed % (ulong)Worlds.Length])
    {
        Faults = Faults,
        Clients = Clients,
        Safety = Safety,
        Messages = Messages,
        Link = Link,
        UntilTick = UntilTick,
        Cancellation = cancellation,
    };
}
