namespace NetLoop.Generators.Model;

/// <summary>A type parameter of a generic contract.</summary>
/// <param name="Name">The name of the type parameter in code.</param>
/// <param name="Formatter">The type parameter that is the formatter of its values.</param>
internal sealed record TypeParameterModel(string Name, string Formatter);
