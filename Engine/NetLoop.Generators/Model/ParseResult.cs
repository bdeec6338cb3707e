namespace NetLoop.Generators.Model;

/// <summary>The result of parsing one contract.</summary>
/// <param name="Contract">Null if no code can be added to the type, which the analyzer reports.</param>
/// <param name="Description">Null if the contract has a mistake, which the analyzer reports.</param>
internal sealed record ParseResult(ContractModel? Contract, ContractDescription? Description);
