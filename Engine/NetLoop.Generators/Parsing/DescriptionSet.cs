using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>The descriptions of a set of contracts and of all generic contracts inside them, with their type arguments.</summary>
/// <param name="Texts">One text for each contract.</param>
/// <param name="Unresolved">Contracts inside that are not in the set.</param>
/// <param name="Requests">A line for each request that declares its response.</param>
/// <param name="HasMessages">Whether one of the contracts is a message.</param>
internal sealed record DescriptionSet(
    EquatableArray<string> Texts, EquatableArray<ContractReference> Unresolved, EquatableArray<string> Requests, bool HasMessages)
{
    // Only a contract that grows without end, built by another generator than this one, has such a long name.
    private const int MaxNameLength = 16_384;

    /// <summary>Combines the descriptions of an assembly's own contracts.</summary>
    public static DescriptionSet Of(ImmutableArray<ContractDescription> contracts)
    {
        Dictionary<string, ContractDescription> byKey = [];
        foreach (ContractDescription contract in contracts)
        {
            byKey[contract.Key] = contract;
        }

        List<ContractDescription> complete = [.. contracts.Where(contract => !contract.IsGeneric)];
        List<ContractReference> unresolved = Close(
            complete, reference => byKey.TryGetValue(reference.Key, out ContractDescription? known) ? known : null);
        return new(
            new([.. complete.Select(contract => contract.Text())]),
            new([.. unresolved]),
            new([.. contracts.Where(contract => contract.Response is not null).Select(contract => $"{contract.Name}: {contract.Response}")]),
            contracts.Any(contract => contract.MessageType is not null));
    }

    /// <summary>Reads the descriptions of contracts in other assemblies, and of the contracts inside them.</summary>
    public static EquatableArray<string> OfOthers(EquatableArray<ContractReference> references, Compilation compilation)
    {
        List<ContractDescription> complete = [.. references.Select(reference => ReadOther(reference, compilation).Close(reference))];
        Close(complete, reference => ReadOther(reference, compilation));
        return new([.. complete.Select(contract => contract.Text())]);
    }

    // Adds the contracts inside those that are complete, recursively; returns those that find does not know.
    private static List<ContractReference> Close(List<ContractDescription> complete, Func<ContractReference, ContractDescription?> find)
    {
        HashSet<string> seen = [.. complete.Select(contract => contract.Name)];
        List<ContractReference> unresolved = [];
        for (int index = 0; index < complete.Count; index++)
        {
            foreach (ContractReference reference in complete[index].Reached)
            {
                if (reference.Name.Length > MaxNameLength || !seen.Add(reference.Name))
                {
                    continue;
                }

                if (find(reference) is { } contract)
                {
                    complete.Add(contract.Close(reference));
                }
                else
                {
                    unresolved.Add(reference);
                }
            }
        }

        return unresolved;
    }

    private static ContractDescription ReadOther(ContractReference reference, Compilation compilation)
    {
        int end = reference.Key.IndexOf(':');
        INamedTypeSymbol? type = compilation.SourceModule.ReferencedAssemblySymbols
            .FirstOrDefault(assembly => assembly.Name == reference.Key.Substring(0, end))
            ?.GetTypeByMetadataName(reference.Key.Substring(end + 1));
        return type?.GetAttributes()
            .FirstOrDefault(KnownNames.IsDescription)
            ?.ConstructorArguments is [{ Value: string text }, { Kind: TypedConstantKind.Array } inside]
            ? ContractDescription.Parse(reference, text, inside.Values.Select(value => value.Value as string ?? "")) ?? ContractDescription.Unknown(reference)
            : ContractDescription.Unknown(reference);
    }
}
