using System.Linq;
using NetLoop.Generators.Model;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators.Emitting;

/// <summary>Decides which contracts take the short path: one array of at most 15 elements, each with a known largest size.</summary>
internal static class FixedLayouts
{
    private const int MaxElements = 15;

    public static bool HasFixedLayout(this ContractModel contract) =>
        !contract.IsMap
        && contract.Members.Count > 0
        && contract.Elements() <= MaxElements
        && contract.Members.All(member => member.Type.FixedBytes > 0);

    /// <summary>The most bytes of the header, the members, and a nil for each index without a member.</summary>
    public static int FixedBytes(this ContractModel contract) =>
        1 + contract.Members.Sum(member => member.Type.FixedBytes) + contract.Elements() - contract.Members.Count;

    /// <summary>Number of elements of the array, including those without a member.</summary>
    public static int Elements(this ContractModel contract) =>
        contract.Members.Count == 0 ? 0 : contract.Members.Max(member => member.Index) + 1;

    public static MemberModel? MemberAt(this ContractModel contract, int index) =>
        contract.Members.FirstOrDefault(member => member.Index == index);

    /// <summary>Whether other contracts are members, so that the contract may contain itself.</summary>
    public static bool MayNest(this ContractModel contract) => contract.Members.Any(member => member.Type.Formatter is { } formatter
        && (formatter.Contains($"{KnownTypes.Formatters}Contract<")
            || formatter.Contains($".{LocalNames.NestedFormatter}<")
            || contract.TypeParameters.Any(parameter => formatter.Contains(parameter.Formatter))));
}
