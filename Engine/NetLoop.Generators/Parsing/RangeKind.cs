namespace NetLoop.Generators.Parsing;

/// <summary>How the values of a type are compared with the bounds of a range.</summary>
internal enum RangeKind
{
    /// <summary>The values have no order.</summary>
    None,

    /// <summary>Integers, characters and enums.</summary>
    Integer,

    /// <summary>Floating-point numbers.</summary>
    Double,

    /// <summary>Decimal numbers.</summary>
    Decimal,

    /// <summary>Compared by ticks.</summary>
    TimeSpan,

    /// <summary>Compared by ticks.</summary>
    DateTime,

    /// <summary>Compared by days.</summary>
    DateOnly,
}
