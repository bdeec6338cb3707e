namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>A parsed type of a contract's description.</summary>
/// <param name="Name">A word such as uint32, array, map or tuple; or the name of a contract.</param>
/// <param name="Arguments">The arguments of an array, a map or a tuple; empty otherwise.</param>
/// <param name="IsNullable">Whether nil is a valid value.</param>
/// <param name="IsContract">Whether the name is that of a contract.</param>
internal sealed record WireType(string Name, IReadOnlyList<WireType> Arguments, bool IsNullable, bool IsContract);
