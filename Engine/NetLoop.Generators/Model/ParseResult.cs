namespace NetLoop.Generators.Model;

/// <summary>What parsing one contract gave. The contract is null when a finding forbids to generate it.</summary>
internal sealed record ParseResult(ContractModel? Contract, MessageId? Id, EquatableArray<DiagnosticInfo> Diagnostics);
