namespace NetLoop.Worlds;

/// <summary>Which world to run. Everything else is drawn from the seed.</summary>
/// <param name="Seed">Determines the whole run.</param>
/// <param name="Kind">What the world stresses.</param>
internal sealed record WorldOptions(ulong Seed, WorldKind Kind)
{
    /// <summary>The faults that may happen, among those that the seed draws.</summary>
    public FaultFilter Faults { get; init; } = FaultFilter.All;

    /// <summary>Number of clients; 0 for the number that the seed draws.</summary>
    public int Clients { get; init; }

    /// <summary>Duration of the faults; zero for the duration that the seed draws.</summary>
    public TimeSpan Safety { get; init; }

    /// <summary>Number of reliable messages of a world of links; 0 for the number that the seed draws.</summary>
    public long Messages { get; init; }

    /// <summary>The wire of a world of links; null for the one that the seed draws.</summary>
    public LinkConditions? Link { get; init; }

    /// <summary>Stops after this tick of the server; 0 runs to the end.</summary>
    public long UntilTick { get; init; }

    /// <summary>Receives every event as a line of JSON; null for none.</summary>
    public TextWriter? Trace { get; init; }

    /// <summary>Ends the run between two moments of virtual time.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The options of the command line that repeat this run.</summary>
    public string ToArguments()
    {
        string arguments = $"--seed {Seed} --world {Kind.ToString().ToLowerInvariant()}";
        if (!Faults.IsAll)
        {
            arguments += $" --faults {Faults}";
        }

        if (Clients > 0)
        {
            arguments += $" --clients {Clients}";
        }

        if (Safety > TimeSpan.Zero)
        {
            arguments += $" --safety {Safety.TotalMilliseconds:0}ms";
        }

        if (Messages > 0)
        {
            arguments += $" --messages {Messages}";
        }

        if (Link is not null)
        {
            arguments += $" --link {LinkText.Format(Link)}";
        }

        return arguments;
    }
}
