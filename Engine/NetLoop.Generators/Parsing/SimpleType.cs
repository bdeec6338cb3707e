namespace NetLoop.Generators.Parsing;

/// <summary>A type that is a single value on the wire and has its own formatter in the engine.</summary>
/// <param name="Space">Its namespace.</param>
/// <param name="Formatter">The name of its formatter.</param>
/// <param name="Wire">The wire form, as written in a contract's description.</param>
/// <param name="FixedBytes">The most bytes of a value in a fixed layout; 0 if the type has no fixed layout.</param>
/// <param name="IsDirect">Whether the writer and the reader have a method for the type.</param>
/// <param name="IsKey">Whether the hash of its values can be keyed.</param>
internal sealed record SimpleType(string Space, string Formatter, string Wire, int FixedBytes, bool IsDirect, bool IsKey);
