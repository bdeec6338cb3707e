namespace NetLoop.Mutations.Running;

/// <summary>A valid command line.</summary>
internal sealed record MutationOptions
{
    /// <summary>list, run, map, table or repair.</summary>
    public required string Task { get; init; }

    /// <summary>The folder with the built tests.</summary>
    public required string Tests { get; init; }

    /// <summary>Seed of the choice of places; null for all places, or those of the table.</summary>
    public int? Seed { get; init; }

    /// <summary>Number of places.</summary>
    public int Count { get; init; }

    /// <summary>Only these places.</summary>
    public string[] Only { get; init; } = [];

    /// <summary>Places with this text in their name or file.</summary>
    public string Match { get; init; } = "";

    /// <summary>Whether to take the bugs of the table.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>The file that says which net runs which place.</summary>
    public required string Map { get; init; }

    /// <summary>The file to which lines for the table are written; empty for none.</summary>
    public string Record { get; init; } = "";

    /// <summary>Maximum processor time for each bug.</summary>
    public TimeSpan Budget { get; init; }

    /// <summary>Maximum time for one test or world.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Maximum time for everything; the rest is then left out.</summary>
    public TimeSpan Time { get; init; }
}
