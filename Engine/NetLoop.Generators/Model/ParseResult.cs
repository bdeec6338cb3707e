namespace NetLoop.Generators.Model;

/// <summary>What parsing one contract gave.</summary>
/// <param name="Contract">Null when no code can be added to the type, which the analyzer says.</param>
/// <param name="Description">Null when something is wrong with the contract, which the analyzer says.</param>
internal sealed record ParseResult(ContractModel? Contract, ContractDescription? Description);
