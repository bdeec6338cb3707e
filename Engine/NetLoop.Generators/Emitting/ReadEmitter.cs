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
            // Inlined into a loop over an array, this method would exceed the JIT's inlining budget and no longer keep its variables in registers: 2.5 times
            // the time.
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

    // One method for both cases: reading without a value to reuse is reading into an empty one.
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
            string initial = member.IsMadeWhenMissing || member.TakesDefault ? "default" : member.MissingValue ?? "default";
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
    }

    // The short path and the general path are separate functions: the general one takes the addresses of its variables, and those of the short one must stay
    // in registers.
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

        code.Line("// The usual forms; any other form is read again from the start, by the general reader below.");
        code.Line("global::NetLoop.CompilerServices.FixedLayoutReader layout = reader.BeginFixedLayout();");
        code.Line($"if (layout.TryReadArrayHeader({contract.Elements()})");
        code.Indent();
        for (int index = 0; index < steps.Count; index++)
        {
            code.Line($"&& {steps[index]}{(index == steps.Count - 1 ? ")" : "")}");
        }

        code.Outdent();
        code.Open();
        code.Line("reader.EndFixedLayout(in layout);");
        if (MemoryEmitter.Refusal(contract) is { } refusal)
        {
            code.Open($"if ({refusal})");
            EmitFailure(code);
            code.Close();
        }

        foreach (string cast in casts)
        {
            code.Line(cast);
        }

        EmitChecks(code, contract.Members, member => member.Local);
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
        code.Open($"if ({Refusal(contract)}!reader.TryEnterArray(out int count))");
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
        EmitCreation(code, contract, member => $"count > {member.Index}");
    }

    private static void EmitMap(CodeWriter code, ContractModel contract)
    {
        code.Open($"if ({Refusal(contract)}!reader.TryEnterMap(out int count))");
        EmitFailure(code);
        code.Close();
        // A pair may repeat a name or have an unknown one, so the number of pairs does not tell whether all members have arrived.
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
        if (contract.Members.Count > NameLookupEmitter.MostCompared)
        {
            EmitLookup(code, contract, watched);
        }
        else
        {
            EmitComparisons(code, contract, watched);
        }

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
        EmitCreation(code, contract, Seen);
        if (contract.Members.Count > NameLookupEmitter.MostCompared)
        {
            code.Line();
            NameLookupEmitter.Emit(code, contract.Members);
        }
    }

    private static void EmitEmptyForms(CodeWriter code, IEnumerable<MemberModel> members)
    {
        foreach (MemberModel member in members.Where(member => member.IsMadeWhenMissing))
        {
            code.Line($"{member.Local} ??= {member.MissingValue};");
        }
    }

    private static void EmitRefusal(CodeWriter code, string condition)
    {
        code.Open($"if ({condition})");
        code.Line($"{Missing};");
        EmitFailure(code);
        code.Close();
    }

    // Checks the final values of members, so that a peer cannot avoid the checks by leaving a member out.
    private static void EmitChecks(CodeWriter code, IEnumerable<MemberModel> members, Func<MemberModel, string> valueOf)
    {
        List<string> checks = [.. members.SelectMany(member => member.Checks.Select(check => $"!({check.Of(valueOf(member))})"))];
        if (checks.Count == 0)
        {
            return;
        }

        code.Line($"if ({checks[0]}{(checks.Count == 1 ? ")" : "")}");
        code.Indent();
        for (int index = 1; index < checks.Count; index++)
        {
            code.Line($"|| {checks[index]}{(index == checks.Count - 1 ? ")" : "")}");
        }

        code.Outdent();
        code.Open();
        code.Line("reader.Fail(global::NetLoop.DecodeStatus.InvalidValue);");
        EmitFailure(code);
        code.Close();
    }

    private static void EmitComparisons(CodeWriter code, ContractModel contract, List<MemberModel> watched)
    {
        if (contract.Members.Count == 0)
        {
            code.Line("read = reader.TrySkipMember(key);");
            return;
        }

        string branch = "if";
        foreach (MemberModel member in contract.Members)
        {
            string name = SymbolDisplay.FormatLiteral(member.Key!, quote: true);
            code.Open($"{branch} (global::System.MemoryExtensions.SequenceEqual(key, {name}u8))");
            EmitNamed(code, contract, member, watched);
            code.Close();
            branch = "else if";
        }

        code.Open("else");
        code.Line("read = reader.TrySkipMember(key);");
        code.Close();
    }

    private static void EmitLookup(CodeWriter code, ContractModel contract, List<MemberModel> watched)
    {
        code.Open($"switch ({LocalNames.Find}(key))");
        for (int index = 0; index < contract.Members.Count; index++)
        {
            code.Line($"case {index}:");
            code.Indent();
            EmitNamed(code, contract, contract.Members[index], watched);
            code.Line("break;");
            code.Outdent();
        }

        code.Line("default:");
        code.Indent();
        code.Line("read = reader.TrySkipMember(key);");
        code.Line("break;");
        code.Outdent();
        code.Close();
    }

    private static void EmitNamed(CodeWriter code, ContractModel contract, MemberModel member, List<MemberModel> watched)
    {
        code.Line($"read = {Read(contract, member)};");
        if (watched.Contains(member))
        {
            code.Line($"{Seen(member)} = true;");
        }
    }

    // The constructor runs once. Members that the sender's older version does not have keep the value it gives them; received members are set after it.
    private static void EmitCreation(CodeWriter code, ContractModel contract, Func<MemberModel, string> isSeen)
    {
        List<MemberModel> defaulted = [.. contract.Members.Where(member => member.TakesDefault)];
        EmitEmptyForms(code, contract.Members.Where(member => !member.TakesDefault));
        EmitChecks(code, contract.Members.Where(member => !member.TakesDefault), member => member.Local);
        EmitNew(code, contract, contract.InitializedMembers
            .Where(member => !member.TakesDefault || member.IsInitOnly)
            .Select(member => member.TakesDefault ? $"{LocalNames.Init}{Plain(member)} = ({isSeen(member)}, {Value(member)})" : Initialization(member)));
        foreach (MemberModel member in defaulted.Where(member => !member.IsInitOnly))
        {
            code.Open($"if ({isSeen(member)})");
            code.Line($"value.{member.Name} = {Value(member)};");
            code.Close();
            if (member.MayLackDefault && member.MissingValue is { } empty)
            {
                code.Open($"else if (value.{member.Name} is null)");
                code.Line($"value.{member.Name} = {empty};");
                code.Close();
            }
        }

        foreach (MemberModel member in defaulted.Where(member => member.MayLackDefault && member.MissingValue is null))
        {
            EmitRefusal(code, $"value.{member.Name} is null");
        }

        EmitChecks(code, defaulted, member => $"value.{member.Name}");

        code.Line("return true;");
    }

    /// <summary>Writes the properties of the contract that set received init-only members.</summary>
    public static void EmitInitializers(CodeWriter code, ContractModel contract)
    {
        foreach (MemberModel member in contract.Members.Where(member => member.TakesDefault && member.IsInitOnly && !contract.IsBroken))
        {
            code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
            code.Obsolete(contract);
            code.Open($"private (bool HasCome, {member.Type.Name} Value) {LocalNames.Init}{Plain(member)}");
            code.Open("init");
            code.Open("if (value.HasCome)");
            code.Line($"{member.Name} = value.Value;");
            code.Close();
            if (member.MayLackDefault && member.MissingValue is { } empty)
            {
                code.Open($"else if ({member.Name} is null)");
                code.Line($"{member.Name} = {empty};");
                code.Close();
            }

            code.Close();
            code.Close();
            code.Line();
        }
    }

    private static void EmitConstruction(CodeWriter code, ContractModel contract)
    {
        EmitNew(code, contract, contract.InitializedMembers.Select(Initialization));
        code.Line("return true;");
    }

    private static void EmitNew(CodeWriter code, ContractModel contract, IEnumerable<string> initializations)
    {
        List<string> lines = [.. initializations];
        string creation = $"value = new {contract.Name}({string.Join(", ", contract.ConstructorArguments)})";
        if (lines.Count == 0)
        {
            code.Line(creation + ";");
            return;
        }

        code.Line(contract.ConstructorArguments.Count == 0 ? $"value = new {contract.Name}" : creation);
        code.Line("{");
        code.Indent();
        foreach (string line in lines)
        {
            code.Line($"{line},");
        }

        code.Outdent();
        code.Line("};");
    }

    private static string Initialization(MemberModel member) => $"{member.Name} = {Value(member)}";

    private static string Value(MemberModel member) => member.Local + (member.Type.IsNonNullReference ? "!" : "");

    private static string Plain(MemberModel member) => member.Name.TrimStart('@');

    public static string Parameters(ContractModel contract, string? reusable = null) =>
        "ref global::NetLoop.NetReader reader, "
        + (reusable is null ? "" : $"{reusable}, ")
        + $"[global::System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out {contract.Name} value";

    private static string Refusal(ContractModel contract) => MemoryEmitter.Refusal(contract) is { } refusal ? refusal + " || " : "";

    private static void EmitFailure(CodeWriter code)
    {
        code.Line("value = default;");
        code.Line("return false;");
    }

    // If two members share a list, the one that is read first keeps it. Names may arrive in any order.
    private static string Reusable(ContractModel contract, MemberModel member) => contract.Members
        .Where(
            other => other.Type.IsReusable && other.Type.Formatter == member.Type.Formatter && (contract.IsMap ? other != member : other.Index < member.Index))
        .Aggregate(
            $"reusable{(contract.IsReference ? "?" : "")}.{member.Name}",
            (list, other) => $"{KnownTypes.Formatters}Unshared({list}, {other.Local})");

    private static string Seen(MemberModel member) => $"{member.Local.TrimStart('@')}{LocalNames.Seen}";

    private static string Read(ContractModel contract, MemberModel member) =>
        member.HeaderCheck is { } check ? $"({check} && {ReadValue(contract, member)})" : ReadValue(contract, member);

    private static string ReadValue(ContractModel contract, MemberModel member) => member.Type switch
    {
        { IsDirect: true } => $"reader.TryRead(out {member.Local})",
        { IsReusable: true } =>
            $"{member.Type.Formatter}.TryReadInto(ref reader, {Reusable(contract, member)}, out {member.Local})",
        _ => $"{member.Type.Formatter}.TryRead(ref reader, out {member.Local})",
    };
}
