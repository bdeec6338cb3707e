using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>The result of parsing one contract, and its dependencies.</summary>
/// <param name="Result">The result for the generator.</param>
/// <param name="Findings">The diagnostics for the analyzer.</param>
/// <param name="Dependencies">The result stays the same until these change.</param>
internal sealed record ParsedContract(ParseResult Result, IReadOnlyList<Diagnostic> Findings, Dependencies Dependencies);
