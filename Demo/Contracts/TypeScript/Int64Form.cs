namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>How a script represents 64-bit integers.</summary>
internal enum Int64Form
{
    /// <summary>As bigint: exact for all values.</summary>
    BigInt,

    /// <summary>As number: convenient, and exact up to 2^53; values beyond that are rejected, not rounded.</summary>
    Number,
}
