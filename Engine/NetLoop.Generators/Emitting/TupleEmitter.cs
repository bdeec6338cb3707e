using System.Collections.Generic;
using System.Linq;

namespace NetLoop.Generators.Emitting;

/// <summary>Writes the engine's formatters of tuples: one pattern for each number of items.</summary>
/// <remarks>
/// The eighth item is a tuple with the remaining items, in the base library and on the wire. A tuple is an array of exactly its size, because no items can be
/// added to it later.
/// </remarks>
internal static class TupleEmitter
{
    public const string HintName = "NetFormatters.Tuples.g.cs";

    private const int MaxItems = 8;

    /// <summary>Writes the file.</summary>
    public static string Emit()
    {
        CodeWriter code = new();
        code.Begin();
        code.Line("namespace NetLoop.CompilerServices;");
        code.Line();
        code.Open("public static partial class NetFormatters");
        for (int count = 1; count <= MaxItems; count++)
        {
            EmitFormatter(code, "ValueTuple", count);
            EmitFormatter(code, "Tuple", count);
        }

        code.Close();
        return code.ToString();
    }

    private static void EmitFormatter(CodeWriter code, string kind, int count)
    {
        bool isReference = kind == "Tuple";
        string[] items = [.. Enumerable.Range(1, count).Select(item => item == MaxItems ? "Rest" : $"Item{item}")];
        string[] types = [.. items.Select(item => "T" + item.Replace("Item", ""))];
        string tuple = $"global::System.{kind}<{string.Join(", ", types)}>";
        code.Line(
            $"/// <summary>Formats a <c>{kind}</c> of "
                + $"{(count == MaxItems ? "more than 7" : count.ToString(System.Globalization.CultureInfo.InvariantCulture))} as an array.</summary>");
        code.Line(
            $"public readonly struct {kind}<{string.Join(", ", types.Concat(types.Select(Formatter)))}> : "
                + $"global::NetLoop.CompilerServices.INetFormatter<{tuple}>");
        code.Indent();
        foreach (string type in types)
        {
            code.Line($"where {Formatter(type)} : global::NetLoop.CompilerServices.INetFormatter<{type}>");
        }

        if (count == MaxItems)
        {
            code.Line($"where TRest : {(isReference ? "notnull" : "struct")}");
        }

        code.Outdent();
        code.Open();
        // The memory of an object: its items as they are laid out, and the reference to the remaining items.
        string fields = $"global::System.ValueTuple<{string.Join(", ", types.Take(MaxItems - 1))}>";
        string empty = isReference
            ? $"TupleBytes + global::System.Runtime.CompilerServices.Unsafe.SizeOf<{fields}>(){(count == MaxItems ? " + 8" : "")}"
            : string.Join(" + ", types.Select(type => $"{Formatter(type)}.EmptyBytes(depth)"));
        code.Line("/// <inheritdoc/>");
        code.Line($"public static int EmptyBytes(int depth) => {empty};");
        code.Line();
        EmitWrite(code, tuple, items, types, isReference);
        code.Line();
        EmitRead(code, tuple, items, types, isReference);
        code.Close();
        code.Line();
    }

    private static void EmitWrite(CodeWriter code, string tuple, string[] items, string[] types, bool isReference)
    {
        code.Line("/// <inheritdoc/>");
        code.Open($"public static void Write(ref global::NetLoop.NetWriter writer, in {tuple} value)");
        if (isReference)
        {
            code.Open("if (value is null)");
            code.Line($"ThrowNull<{tuple}>();");
            code.Close();
        }

        code.Line($"writer.WriteArrayHeader({items.Length});");
        for (int index = 0; index < items.Length; index++)
        {
            code.Line($"{Formatter(types[index])}.Write(ref writer, value.{items[index]});");
        }

        code.Close();
    }

    private static void EmitRead(CodeWriter code, string tuple, string[] items, string[] types, bool isReference)
    {
        List<string> steps =
        [
            $"TryEnterExactly(ref reader, {items.Length})",
            .. types.Select((type, index) => $"{Formatter(type)}.TryRead(ref reader, out {type} {Local(items[index])})"),
        ];
        if (isReference)
        {
            steps.Insert(0, "reader.TryCharge(EmptyBytes(0))");
        }

        code.Line("/// <inheritdoc/>");
        code.Open(
            "public static bool TryRead(ref global::NetLoop.NetReader reader, [global::System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out "
                + $"{tuple} value)");
        code.Open($"if ({string.Join(" && ", steps)})");
        code.Line("reader.Leave();");
        code.Line($"value = new({string.Join(", ", items.Select(Local))});");
        code.Line("return true;");
        code.Close();
        code.Line("value = default;");
        code.Line("return false;");
        code.Close();
    }

    private static string Formatter(string type) => type + LocalNames.Formatter;

    private static string Local(string item) => item.ToLowerInvariant();
}
