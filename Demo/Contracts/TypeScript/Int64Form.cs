namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>How a script holds 64-bit integers.</summary>
internal enum Int64Form
{
    /// <summary>As bigint: every value, exactly.</summary>
    BigInt,

    /// <summary>As number: pleasant, and exact up to 2^53; what is beyond is refused, not rounded.</summary>
    Number,
}
