using System.Collections.Generic;
using System.Linq;
using NetLoop.Generators.Model;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators.Emitting;

/// <summary>Writes code that charges the memory of an instance to the reader's budget before its members are read.</summary>
internal static class MemoryEmitter
{
    // The object header and alignment, without the fields.
    private const string ObjectBytes = "24";

    /// <summary>The condition under which the budget has no memory for an instance; null if the instance takes none of its own.</summary>
    public static string? Refusal(ContractModel contract) =>
        TakesMemory(contract) ? $"!{KnownTypes.Formatters}TryChargeEmpty<{contract.Name}, {Formatter(contract)}>(ref reader)" : null;

    public static void Emit(CodeWriter code, ContractModel contract)
    {
        if (!TakesMemory(contract))
        {
            return;
        }

        List<string> terms = contract.IsReference
            ? [ObjectBytes, .. contract.Members.Select(member => $"global::System.Runtime.CompilerServices.Unsafe.SizeOf<{member.Type.Name}>()")]
            : [];
        terms.AddRange(Made(contract).Select(
            member => $"(depth > 0 ? {KnownTypes.Formatters}EmptyBytes<{member.Type.Name}, {member.Type.Formatter}>(depth - 1) : 0)"));
        if (contract.TypeParameters.Count > 0)
        {
            code.Line("/// <inheritdoc/>");
        }

        code.Obsolete(contract);
        string signature = contract.TypeParameters.Count > 0 ? "public static int " : $"static int global::NetLoop.INetContract<{contract.Name}>.";
        code.Line($"{signature}EmptyBytes(int depth) =>");
        code.Indent();
        for (int index = 0; index < terms.Count; index++)
        {
            code.Line($"{(index == 0 ? "" : "+ ")}{terms[index]}{(index == terms.Count - 1 ? ";" : "")}");
        }

        code.Outdent();
        code.Line();
    }

    private static bool TakesMemory(ContractModel contract) =>
        contract.Codec is null && contract.Cases.Count == 0 && (contract.IsReference || Made(contract).Any());

    private static IEnumerable<MemberModel> Made(ContractModel contract) =>
        contract.Members.Where(member => member.MayTakeMemory && !member.Type.IsDirect && member.Type.FixedBytes == 0);

    private static string Formatter(ContractModel contract) => contract.TypeParameters.Count > 0
        ? $"{LocalNames.NestedFormatter}<{string.Join(", ", contract.TypeParameters.Select(parameter => parameter.Formatter))}>"
        : $"{KnownTypes.Formatters}Contract<{contract.Name}>";
}
