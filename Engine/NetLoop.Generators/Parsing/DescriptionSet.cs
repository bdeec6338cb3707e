using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>The descriptions of a set of contracts and of all generic ones inside of them, with their type arguments.</summary>
/// <param name="Texts">One for each.</param>
/// <param name="Unresolved">Contracts inside that are not in the set.</param>
/// <param name="Requests">A line for each request that declares its response.</param>
/// <param name="HasMessages">One of them is a message.</param>
internal sealed record DescriptionSet(
    EquatableArray<string> Texts, EquatableArray<ContractReference> Unresolved, EquatableArray<string> Requests, bool HasMessages)
{
    // Only a contract that grows without end, built by something else than this generator, has such a name.
    private const int MaxNameLength = 16_384;

    /// <summary>Puts together what an assembly's own contracts say of themselves.</summary>
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

    /// <summary>Reads what other assemblies say of their contracts, and of those inside of these.</summary>
    public static EquatableArray<string> OfOthers(EquatableArray<ContractReference> references, Compilation compilation)
    {
        List<ContractDescription> complete = [.. references.Select(reference => ReadOther(reference, compilation).Close(reference))];
        Close(complete, reference => ReadOther(reference, compilation));
        return new([.. complete.Select(contract => contract.Text())]);
    }

    // Adds the contracts inside of those that are complete, and inside of those; returns what find does not know.
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
