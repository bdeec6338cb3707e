using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using NetLoop.Generators.Emitting;
using NetLoop.Generators.Model;

namespace NetLoop.Generators;

/// <summary>Makes the names of generated files distinct without regard to case: file systems, and so the compiler, may ignore case.</summary>
internal static class HintNames
{
    /// <summary>The suffix of every name.</summary>
    public const string Extension = ".g.cs";

    /// <summary>The names that several files share if case is ignored.</summary>
    public static EquatableArray<string> FindShared(ImmutableArray<string> names) => new(
    [
        .. names.Add(FingerprintEmitter.HintName)
            .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .SelectMany(group => group)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(name => name, StringComparer.Ordinal),
    ]);

    /// <summary>The name of a contract's file: a shared name gets a number that depends only on the contract.</summary>
    public static ContractModel Separate(ContractModel contract, EquatableArray<string> shared)
    {
        if (!shared.Contains(contract.HintName, StringComparer.Ordinal))
        {
            return contract;
        }

        uint number = contract.HintName.Aggregate(0u, static (sum, unit) => unchecked((sum * 31) + unit));
        string name = contract.HintName.Substring(0, contract.HintName.Length - Extension.Length);
        return contract with { HintName = $"{name}.{number.ToString("x8", CultureInfo.InvariantCulture)}{Extension}" };
    }
}
