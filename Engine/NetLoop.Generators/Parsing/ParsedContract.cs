using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>What parsing one contract gave, and what it depends on.</summary>
/// <param name="Result">For the generator.</param>
/// <param name="Findings">For the analyzer.</param>
/// <param name="Dependencies">The result is the same as long as these are.</param>
internal sealed record ParsedContract(ParseResult Result, IReadOnlyList<Diagnostic> Findings, Dependencies Dependencies);
