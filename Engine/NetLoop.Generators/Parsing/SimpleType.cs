namespace NetLoop.Generators.Parsing;

/// <summary>A type that is one value on the wire and has a formatter of its own in the engine.</summary>
/// <param name="Space">Its namespace.</param>
/// <param name="Formatter">The name of its formatter.</param>
/// <param name="Wire">What it is on the wire, in the words of a contract's description.</param>
/// <param name="FixedBytes">The most bytes it takes in a fixed layout; 0 when it has no fixed layout.</param>
/// <param name="IsDirect">The writer and the reader have a method of their own for it.</param>
/// <param name="IsKey">Its hash can be keyed.</param>
internal sealed record SimpleType(string Space, string Formatter, string Wire, int FixedBytes, bool IsDirect, bool IsKey);
