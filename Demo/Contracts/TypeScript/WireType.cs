namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>One type of a contract's description, taken apart.</summary>
/// <param name="Name">A word such as uint32, array, map or tuple; or the name of a contract.</param>
/// <param name="Arguments">Of an array, a map or a tuple; empty otherwise.</param>
/// <param name="IsNullable">Nil is a value of it.</param>
/// <param name="IsContract">The name is that of a contract.</param>
internal sealed record WireType(string Name, IReadOnlyList<WireType> Arguments, bool IsNullable, bool IsContract);
