using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace NetLoop.Generators.Emitting;

/// <summary>Writes the class with the wire form of an assembly's messages, as text and as a number.</summary>
internal static class FingerprintEmitter
{
    public const string HintName = "NetContracts.g.cs";

    /// <summary>Writes the file.</summary>
    /// <param name="rootNamespace">The namespace of the class; empty for the global namespace.</param>
    /// <param name="descriptions">One text for each contract, in any order; duplicates are allowed.</param>
    /// <param name="requests">A line for each request that declares its response, in any order.</param>
    public static string Emit(string rootNamespace, IEnumerable<string> descriptions, IEnumerable<string> requests)
    {
        List<string> texts = [.. descriptions.Distinct(StringComparer.Ordinal).OrderBy(text => text, StringComparer.Ordinal)];
        CodeWriter code = new();
        code.Begin();
        if (rootNamespace.Length > 0)
        {
            code.Line($"namespace {rootNamespace};");
            code.Line();
        }

        code.Line("/// <summary>What the messages of this assembly, and the contracts inside them, look like on the wire.</summary>");
        code.Line("[global::System.CLSCompliant(false)]");
        code.Open($"public static class {ContractsClass.Name}");
        string fingerprint = Fingerprint(string.Concat(texts)).ToString("x16", CultureInfo.InvariantCulture);
        code.Line("/// <summary>Equal in two programs whose messages are the same: FNV-1a, 64 bits, of the description as UTF-8; never 0.</summary>");
        code.Line($"public static ulong Fingerprint => 0x{fingerprint}UL;");
        code.Line();
        code.Line("/// <summary>A line for each message and contract and for each of their members; contracts in ordinal order.</summary>");
        EmitLines(code, "Description", string.Concat(texts).Split(['\n'], StringSplitOptions.RemoveEmptyEntries));
        string[] pairs = [.. requests.OrderBy(line => line, StringComparer.Ordinal)];
        if (pairs.Length > 0)
        {
            code.Line();
            code.Line("/// <summary>A line for each request that declares its response: both names. For tools; not part of the fingerprint.</summary>");
            EmitLines(code, "Requests", pairs);
        }

        code.Close();
        return code.ToString();
    }

    private static void EmitLines(CodeWriter code, string name, string[] lines)
    {
        code.Line($"public const string {name} =");
        code.Indent();
        for (int index = 0; index < lines.Length; index++)
        {
            string end = index == lines.Length - 1 ? ";" : "";
            code.Line($"{(index == 0 ? "" : "+ ")}{SymbolDisplay.FormatLiteral(lines[index] + "\n", quote: true)}{end}");
        }

        code.Outdent();
    }

    // In Hello, 0 means "unknown", so no fingerprint is 0.
    private static ulong Fingerprint(string text)
    {
        const ulong offsetBasis = 0xcbf29ce484222325;
        const ulong prime = 0x100000001b3;
        ulong hash = offsetBasis;
        foreach (byte unit in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ unit) * prime);
        }

        return hash == 0 ? 1 : hash;
    }
}
