using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Emitting;

/// <summary>Writes the lookup of members by name: first by the length of the name, then by the bytes in which names of that length differ.</summary>
/// <remarks>A peer may send unknown names without limit; comparing each with all known names would take too long.</remarks>
internal static class NameLookupEmitter
{
    /// <summary>Up to this number of names, comparing them in turn is as fast as the lookup.</summary>
    public const int MostCompared = 8;

    public static void Emit(CodeWriter code, IReadOnlyList<MemberModel> members)
    {
        code.Open($"static int {LocalNames.Find}(global::System.ReadOnlySpan<byte> key)");
        code.Open("switch (key.Length)");
        List<Name> names = [.. members.Select((member, index) => new Name(index, member.Key!))];
        foreach (IGrouping<int, Name> group in names.GroupBy(name => name.Utf8.Length).OrderBy(group => group.Key))
        {
            code.Line($"case {group.Key}:");
            code.Indent();
            EmitChoice(code, [.. group]);
            code.Outdent();
        }

        code.Close();
        code.Line("return -1;");
        code.Close();
    }

    // Each branch returns.
    private static void EmitChoice(CodeWriter code, List<Name> names)
    {
        if (names.Count == 1)
        {
            string literal = SymbolDisplay.FormatLiteral(names[0].Key, quote: true);
            code.Line($"return global::System.MemoryExtensions.SequenceEqual(key, {literal}u8) ? {names[0].Index} : -1;");
            return;
        }

        int place = Enumerable.Range(0, names[0].Utf8.Length).OrderByDescending(at => names.Select(name => name.Utf8[at]).Distinct().Count()).First();
        code.Open($"switch (key[{place}])");
        foreach (IGrouping<byte, Name> group in names.GroupBy(name => name.Utf8[place]).OrderBy(group => group.Key))
        {
            code.Line($"case {group.Key}:");
            code.Indent();
            EmitChoice(code, [.. group]);
            code.Outdent();
        }

        code.Close();
        code.Line("return -1;");
    }

    private sealed class Name(int index, string key)
    {
        public int Index { get; } = index;

        public string Key { get; } = key;

        public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(key);
    }
}
