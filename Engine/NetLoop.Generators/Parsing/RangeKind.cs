namespace NetLoop.Generators.Parsing;

/// <summary>How the values of a type are held against the bounds of a range.</summary>
internal enum RangeKind
{
    /// <summary>They have no order.</summary>
    None,

    /// <summary>Integers, characters and enums.</summary>
    Integer,

    /// <summary>Floating point.</summary>
    Double,

    /// <summary>Decimal numbers.</summary>
    Decimal,

    /// <summary>By their ticks.</summary>
    TimeSpan,

    /// <summary>By their ticks.</summary>
    DateTime,

    /// <summary>By their days.</summary>
    DateOnly,
}
