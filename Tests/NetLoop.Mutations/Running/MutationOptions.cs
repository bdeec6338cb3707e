namespace NetLoop.Mutations.Running;

/// <summary>A command line that makes sense.</summary>
internal sealed record MutationOptions
{
    /// <summary>list, run, map, table or repair.</summary>
    public required string Task { get; init; }

    /// <summary>The folder with the built tests.</summary>
    public required string Tests { get; init; }

    /// <summary>Chooses places; null for all places, or those of the table.</summary>
    public int? Seed { get; init; }

    /// <summary>How many places.</summary>
    public int Count { get; init; }

    /// <summary>These places alone.</summary>
    public string[] Only { get; init; } = [];

    /// <summary>Places whose name or file has this text in it.</summary>
    public string Match { get; init; } = "";

    /// <summary>Whether to take the bugs of the table.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>The file with what runs which place.</summary>
    public required string Map { get; init; }

    /// <summary>Where lines for the table go; empty for nowhere.</summary>
    public string Record { get; init; } = "";

    /// <summary>Longest processor time for each bug.</summary>
    public TimeSpan Budget { get; init; }

    /// <summary>Longest time for one test or world.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Longest time for all; what is left then is left out.</summary>
    public TimeSpan Time { get; init; }
}
