using System;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators.Model;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators.Emitting;

/// <summary>Writes the method that writes a contract.</summary>
internal static class WriteEmitter
{
    private const string Writer = "global::NetLoop.NetWriter";

    public static void Emit(CodeWriter code, ContractModel contract)
    {
        code.OpenMethod(contract, "void", "Write", Parameters(contract));
        if (contract.TypeParameters.Count > 0 && contract.IsReference)
        {
            code.Line($"{KnownTypes.Formatters}NotNull(value, null);");
            EmitGuard(code);
        }
        else if (!contract.IsReference && contract.MayNest())
        {
            EmitGuard(code);
        }

        if (contract.Codec is { } codec)
        {
            code.Line($"{KnownTypes.Formatters}Coded<{contract.Name}, {codec}>.Write(ref writer, in value);");
            code.Close();
            return;
        }

        if (contract.Cases.Count > 0)
        {
            UnionEmitter.EmitWrite(code, contract);
            code.Close();
            return;
        }

        if (contract.HasFixedLayout())
        {
            EmitFixed(code, contract);
        }
        else if (contract.IsMap)
        {
            EmitMap(code, contract);
        }
        else
        {
            EmitArray(code, contract);
        }

        code.Close();
    }

    public static string Parameters(ContractModel contract) => $"ref {Writer} writer, in {contract.Name} value";

    private static void EmitGuard(CodeWriter code)
    {
        code.Line("// References may form a circle, and running out of stack cannot be caught; this throws while there is still some left.");
        code.Line("global::System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();");
    }

    private static void EmitFixed(CodeWriter code, ContractModel contract)
    {
        code.Line($"// All members together take at most {contract.FixedBytes()} bytes, so one check of the room serves them all.");
        code.Open($"if (writer.HasRoom({contract.FixedBytes()}))");
        code.Line($"ref byte at = ref global::NetLoop.CompilerServices.FixedLayout.WriteArrayHeader(ref writer.Reserved, {contract.Elements()});");
        for (int index = 0; index < contract.Elements(); index++)
        {
            code.Line(contract.MemberAt(index) is { } member
                ? $"at = ref global::NetLoop.CompilerServices.FixedLayout.Write(ref at, {Cast(member)}value.{member.Name});"
                : "at = ref global::NetLoop.CompilerServices.FixedLayout.WriteNil(ref at);");
        }

        code.Line("writer.Commit(ref at);");
        code.Line("return;");
        code.Close();
        code.Line("// By value: a writer whose address is taken cannot stay in the registers of a method that this one is inlined into.");
        code.Line($"writer = {LocalNames.AnyForm}(writer, in value);");
        code.Line();
        code.NoInlining();
        code.Open($"static {Writer} {LocalNames.AnyForm}({Writer} writer, scoped in {contract.Name} value)");
        EmitArray(code, contract);
        code.Line("return writer;");
        code.Close();
    }

    private static string Cast(MemberModel member) => member.Type.FixedCast is { } underlying ? $"({underlying})" : "";

    private static void EmitArray(CodeWriter code, ContractModel contract)
    {
        code.Line($"writer.WriteArrayHeader({contract.Elements()});");
        for (int index = 0; index < contract.Elements(); index++)
        {
            code.Line(contract.MemberAt(index) is { } member ? Write(contract, member) : "writer.WriteNil();");
        }
    }

    private static void EmitMap(CodeWriter code, ContractModel contract)
    {
        code.Line($"writer.WriteMapHeader({contract.Members.Count});");
        foreach (MemberModel member in contract.Members)
        {
            code.Line($"writer.WriteUtf8({SymbolDisplay.FormatLiteral(member.Key!, quote: true)}u8);");
            code.Line(Write(contract, member));
        }
    }

    private static string Write(ContractModel contract, MemberModel member)
    {
        string name = SymbolDisplay.FormatLiteral($"{contract.Name.Replace("global::", "")}.{member.Name.TrimStart('@')}", quote: true);
        string value = member.Type.IsNonNullReference && !IsParameter(contract, member)
            ? $"{KnownTypes.Formatters}NotNull(value.{member.Name}, {name})"
            : $"value.{member.Name}";
        if (member.Type.IsDirect)
        {
            return $"writer.Write({value});";
        }

        return MayHoldNull(member.Type.Formatter)
            ? $"{KnownTypes.Formatters}WriteMember<{member.Type.Name}, {member.Type.Formatter}>(ref writer, {value}, {name});"
            : $"{member.Type.Formatter}.Write(ref writer, {value});";
    }

    // The formatter of a type argument knows which values it allows.
    private static bool IsParameter(ContractModel contract, MemberModel member) =>
        contract.TypeParameters.Any(parameter => member.Type.Formatter == parameter.Formatter);

    // Other formatters report the null themselves: a contract names the member, and a type without inner values cannot contain a null.
    private static bool MayHoldNull(string formatter) =>
        formatter.StartsWith(KnownTypes.Formatters, StringComparison.Ordinal)
        && formatter.IndexOf('<') is > 0 and int end
        && formatter.Substring(KnownTypes.Formatters.Length, end - KnownTypes.Formatters.Length) is not ("Contract" or "Enum" or "Coded")
        && formatter.IndexOf("Nullable<", StringComparison.Ordinal) != KnownTypes.Formatters.Length;
}
