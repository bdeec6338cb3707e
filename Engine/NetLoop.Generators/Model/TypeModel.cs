namespace NetLoop.Generators.Model;

/// <summary>How values of one type are written and read.</summary>
/// <param name="Name">The type as code names it, fully qualified.</param>
/// <param name="Formatter">The formatter as code names it, fully qualified.</param>
/// <param name="Wire">What it is on the wire, in the words of a contract's description.</param>
internal sealed record TypeModel(string Name, string Formatter, string Wire)
{
    /// <summary>The writer and the reader have a method of their own for it.</summary>
    public bool IsDirect { get; init; }

    /// <summary>The most bytes it takes in a fixed layout; 0 when it has no fixed layout.</summary>
    public int FixedBytes { get; init; }

    /// <summary>The integer type that stands for an enum in a fixed layout.</summary>
    public string? FixedCast { get; init; }

    /// <summary>May be the key of a dictionary or the element of a set: its hash can be keyed.</summary>
    public bool IsKey { get; init; }

    /// <summary>A reference that must not be null.</summary>
    public bool IsNonNullReference { get; init; }

    /// <summary>A list or an array: its formatter can read into an existing one.</summary>
    public bool IsReusable { get; init; }

    /// <summary>The value when a member is absent, as code; null when there is none.</summary>
    public string? MissingValue { get; init; } = "default";
}
