namespace NetLoop.Generators.Model;

/// <summary>What parsing one contract gave.</summary>
/// <param name="Contract">Null when something about it is wrong, which the analyzer says.</param>
/// <param name="Descriptions">What a message and the contracts that it reaches look like on the wire, one text each.</param>
internal sealed record ParseResult(ContractModel? Contract, EquatableArray<string> Descriptions);
