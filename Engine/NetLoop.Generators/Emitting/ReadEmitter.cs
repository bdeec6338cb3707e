using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators.Model;
using NetLoop.Generators.Parsing;

namespace NetLoop.Generators.Emitting;

/// <summary>Writes the method that reads a contract.</summary>
internal static class ReadEmitter
{
    private const string Missing = "reader.Fail(global::NetLoop.DecodeStatus.MissingMember)";

    public static void Emit(CodeWriter code, ContractModel contract)
    {
        if (contract.HasFixedLayout())
        {
            // Inlined into a loop over an array it would exceed what the JIT is willing to inline, and lose its registers: 2.5 times the time.
            code.NoInlining();
        }
        code.OpenMethod(contract, "bool", "TryRead", Parameters(contract));
        if (contract.Codec is { } codec)
        {
            code.Line($"return {KnownTypes.Formatters}Coded<{contract.Name}, {codec}>.TryRead(ref reader, out value);");
            code.Close();
            return;
        }
        if (contract.Cases.Count > 0)
        {
            UnionEmitter.EmitRead(code, contract);
            code.Close();
            return;
        }
        if (contract.HasFixedLayout())
        {
            EmitFixed(code, contract);
        }
        else if (contract.Members.Any(member => member.Type.IsReusable))
        {
            EmitReusing(code, contract);
        }
        else
        {
            EmitGeneral(code, contract);
        }
        code.Close();
    }

    // One body for both ways: reading without a value to reuse is reading with an empty one.
    private static void EmitReusing(CodeWriter code, ContractModel contract)
    {
        string reading = contract.TypeParameters.Count > 0 ? "TryRead" : $"{KnownTypes.Formatters}Contract<{contract.Name}>.TryReadInto";
        code.Line($"return {reading}(ref reader, default, out value);");
        code.Close();
        code.Line();
        string reusable = $"in {contract.Name}{(contract.IsReference ? "?" : "")} reusable";
        code.OpenMethod(contract, "bool", "TryRead", Parameters(contract, reusable));
        EmitGeneral(code, contract);
    }

    private static void EmitGeneral(CodeWriter code, ContractModel contract)
    {
        foreach (MemberModel member in contract.Members)
        {
            string nullable = member.Type.IsNonNullReference ? "?" : "";
            string initial = member.IsMadeWhenMissing ? "default" : member.MissingValue ?? "default";
            code.Line($"{member.Type.Name}{nullable} {member.Local} = {initial};");
        }
        if (contract.Members.Count > 0)
        {
            code.Line();
        }
        if (contract.IsMap)
        {
            EmitMap(code, contract);
        }
        else
        {
            EmitArray(code, contract);
        }
        EmitConstruction(code, contract);
    }

    // The two ways are functions of their own: the general one takes the addresses of its variables, and those of the short one must stay in
    // registers.
    private static void EmitFixed(CodeWriter code, ContractModel contract)
    {
        List<string> steps = [];
        List<string> casts = [];
        for (int index = 0; index < contract.Elements(); index++)
        {
            if (contract.MemberAt(index) is not { } member)
            {
                steps.Add("layout.TryReadNil()");
            }
            else if (member.Type.FixedCast is { } underlying)
            {
                string bits = $"{member.Local.TrimStart('@')}{LocalNames.Bits}";
                steps.Add($"layout.TryRead(out {underlying} {bits})");
                casts.Add($"{member.Type.Name} {member.Local} = ({member.Type.Name}){bits};");
            }
            else
            {
                steps.Add($"layout.TryRead(out {member.Type.Name} {member.Local})");
            }
        }
        code.Line("// The forms that writers usually choose; anything else is read again from the start, by the general way below.");
        code.Line("global::NetLoop.FixedLayoutReader layout = reader.BeginFixedLayout();");
        code.Line($"if (layout.TryReadArrayHeader({contract.Elements()})");
        code.Indent();
        for (int index = 0; index < steps.Count; index++)
        {
            code.Line($"&& {steps[index]}{(index == steps.Count - 1 ? ")" : "")}");
        }
        code.Outdent();
        code.Open();
        code.Line("reader.EndFixedLayout(in layout);");
        foreach (string cast in casts)
        {
            code.Line(cast);
        }
        EmitConstruction(code, contract);
        code.Close();
        code.Line($"return {LocalNames.AnyForm}(ref reader, out value);");
        code.Line();
        code.NoInlining();
        code.Open($"static bool {LocalNames.AnyForm}({Parameters(contract)})");
        EmitGeneral(code, contract);
        code.Close();
    }

    private static void EmitArray(CodeWriter code, ContractModel contract)
    {
        int elements = contract.Elements();
        code.Open("if (!reader.TryEnterArray(out int count))");
        EmitFailure(code);
        code.Close();
        List<string> failures = [];
        for (int index = 0; index < elements; index++)
        {
            MemberModel? member = contract.MemberAt(index);
            string read = member is null ? "reader.TrySkip()" : Read(contract, member);
            failures.Add(member switch
            {
                { IsRequired: true } => $"!(count > {index} ? {read} : {Missing})",
                _ => $"(count > {index} && !{read})",
            });
        }
        failures.Add($"!reader.TryLeaveArray(count, {elements})");
        code.Line($"if ({failures[0]}{(failures.Count == 1 ? ")" : "")}");
        code.Indent();
        foreach (string failure in failures.Skip(1))
        {
            code.Line($"|| {failure}{(ReferenceEquals(failure, failures[failures.Count - 1]) ? ")" : "")}");
        }
        code.Outdent();
        code.Open();
        EmitFailure(code);
        code.Close();
        EmitAbsent(code, contract, $"count < {elements}", member => $"count > {member.Index}");
    }

    private static void EmitMap(CodeWriter code, ContractModel contract)
    {
        code.Open("if (!reader.TryEnterMap(out int count))");
        EmitFailure(code);
        code.Close();
        // A pair may repeat a name or have an unknown one, so their number does not tell whether all members have come.
        List<MemberModel> watched = [.. contract.Members.Where(member => member.TakesDefault || member.IsRequired)];
        foreach (MemberModel member in watched)
        {
            code.Line($"bool {Seen(member)} = false;");
        }
        code.Open("for (; count > 0; count--)");
        code.Open("if (!reader.TryReadUtf8(out global::System.ReadOnlySpan<byte> key))");
        EmitFailure(code);
        code.Close();
        code.Line("bool read;");
        string branch = "if";
        foreach (MemberModel member in contract.Members)
        {
            string name = SymbolDisplay.FormatLiteral(member.Key!, quote: true);
            code.Open($"{branch} (global::System.MemoryExtensions.SequenceEqual(key, {name}u8))");
            code.Line($"read = {Read(contract, member)};");
            if (watched.Contains(member))
            {
                code.Line($"{Seen(member)} = true;");
            }
            code.Close();
            branch = "else if";
        }
        code.Open("else");
        code.Line("read = reader.TrySkip();");
        code.Close();
        code.Open("if (!read)");
        EmitFailure(code);
        code.Close();
        code.Close();
        List<MemberModel> required = [.. watched.Where(member => member.IsRequired)];
        if (required.Count > 0)
        {
            EmitRefusal(code, $"!{string.Join(" || !", required.Select(Seen))}");
        }
        code.Line("reader.Leave();");
        EmitAbsent(code, contract, $"!{string.Join(" || !", watched.Where(member => member.TakesDefault).Select(Seen))}", Seen);
    }

    // From an older version: what has an empty form takes it, and then the constructor is asked for the rest, with what has come.
    private static void EmitAbsent(CodeWriter code, ContractModel contract, string condition, Func<MemberModel, string> isSeen)
    {
        List<MemberModel> defaulted = [.. contract.Members.Where(member => member.TakesDefault)];
        EmitEmptyForms(code, contract.Members.Where(member => !member.TakesDefault));
        if (defaulted.Count > 0)
        {
            code.Open($"if ({condition})");
            code.Line("// From an older version: absent members stay as the constructor leaves them.");
            code.Line($"{contract.Name} defaults = new({string.Join(", ", contract.ConstructorArguments)}){Required(contract)};");
            foreach (MemberModel member in defaulted)
            {
                code.Line($"{member.Local} = {isSeen(member)} ? {member.Local} : {member.Default};");
            }
            code.Close();
        }
        foreach (MemberModel member in defaulted.Where(member => member.MayLackDefault))
        {
            EmitRefusal(code, $"{member.Local} is null");
        }
        EmitEmptyForms(code, defaulted);
    }

    private static void EmitEmptyForms(CodeWriter code, IEnumerable<MemberModel> members)
    {
        foreach (MemberModel member in members.Where(member => member.IsMadeWhenMissing))
        {
            code.Line($"{member.Local} ??= {member.MissingValue};");
        }
    }

    // Without these no instance can be made, not even one that is only asked for the others.
    private static string Required(ContractModel contract)
    {
        string members = string.Join(", ", contract.InitializedMembers.Where(member => member.MustBeSet).Select(Initialization));
        return members.Length == 0 ? "" : $" {{ {members} }}";
    }

    private static void EmitRefusal(CodeWriter code, string condition)
    {
        code.Open($"if ({condition})");
        code.Line($"{Missing};");
        EmitFailure(code);
        code.Close();
    }

    private static void EmitConstruction(CodeWriter code, ContractModel contract)
    {
        string creation = $"value = new {contract.Name}({string.Join(", ", contract.ConstructorArguments)})";
        if (contract.InitializedMembers.Count == 0)
        {
            code.Line(creation + ";");
        }
        else
        {
            code.Line(contract.ConstructorArguments.Count == 0 ? $"value = new {contract.Name}" : creation);
            code.Line("{");
            code.Indent();
            foreach (MemberModel member in contract.InitializedMembers)
            {
                code.Line($"{Initialization(member)},");
            }
            code.Outdent();
            code.Line("};");
        }
        code.Line("return true;");
    }

    private static string Initialization(MemberModel member) => $"{member.Name} = {member.Local}{(member.Type.IsNonNullReference ? "!" : "")}";

    public static string Parameters(ContractModel contract, string? reusable = null) =>
        "ref global::NetLoop.NetReader reader, "
        + (reusable is null ? "" : $"{reusable}, ")
        + $"[global::System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out {contract.Name} value";

    private static void EmitFailure(CodeWriter code)
    {
        code.Line("value = default;");
        code.Line("return false;");
    }

    private static string Seen(MemberModel member) => $"{member.Local.TrimStart('@')}{LocalNames.Seen}";

    private static string Read(ContractModel contract, MemberModel member) => member.Type switch
    {
        { IsDirect: true } => $"reader.TryRead(out {member.Local})",
        { IsReusable: true } =>
            $"{member.Type.Formatter}.TryReadInto(ref reader, reusable{(contract.IsReference ? "?" : "")}.{member.Name}, out {member.Local})",
        _ => $"{member.Type.Formatter}.TryRead(ref reader, out {member.Local})",
    };
}
