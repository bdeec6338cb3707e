namespace NetLoop.Generators.Model;

/// <summary>What parsing one contract gave.</summary>
/// <param name="Contract">Null when a finding forbids to generate it.</param>
/// <param name="Id">The number it claims; null for a contract that is no message.</param>
/// <param name="Descriptions">What a message and the contracts that it reaches look like on the wire, one text each.</param>
/// <param name="Diagnostics">What the generator has to say about it.</param>
internal sealed record ParseResult(
    ContractModel? Contract,
    MessageId? Id,
    EquatableArray<string> Descriptions,
    EquatableArray<DiagnosticInfo> Diagnostics);
