namespace NetLoop.Generators.Model;

/// <summary>How values of one type are written and read.</summary>
/// <param name="Name">The type as named in code, fully qualified.</param>
/// <param name="Formatter">The formatter as named in code, fully qualified.</param>
/// <param name="Wire">The wire form, as written in a contract's description.</param>
internal sealed record TypeModel(string Name, string Formatter, string Wire)
{
    /// <summary>Whether the writer and the reader have a method for the type.</summary>
    public bool IsDirect { get; init; }

    /// <summary>The most bytes of a value in a fixed layout; 0 if the type has no fixed layout.</summary>
    public int FixedBytes { get; init; }

    /// <summary>The integer type of an enum in a fixed layout.</summary>
    public string? FixedCast { get; init; }

    /// <summary>Whether the type may be the key of a dictionary or the element of a set: its hash can be keyed.</summary>
    public bool IsKey { get; init; }

    /// <summary>Whether the type is a reference that must not be null.</summary>
    public bool IsNonNullReference { get; init; }

    /// <summary>Whether the type is a list or an array, whose formatter can read into an existing one.</summary>
    public bool IsReusable { get; init; }

    /// <summary>The value of an absent member, as code; null if there is none.</summary>
    public string? MissingValue { get; init; } = "default";
}
