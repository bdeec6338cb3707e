using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>The result of parsing one contract, and its dependencies.</summary>
/// <param name="Result">For the generator.</param>
/// <param name="Findings">For the analyzer.</param>
/// <param name="Dependencies">The result is the same as long as these are.</param>
internal sealed record ParsedContract(ParseResult Result, IReadOnlyList<Diagnostic> Findings, Dependencies Dependencies);
