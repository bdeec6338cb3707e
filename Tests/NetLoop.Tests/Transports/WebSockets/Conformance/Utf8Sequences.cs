namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>132 short texts in 19 groups, 69 of them valid UTF-8: the limits of each length, overlong forms, surrogates, invalid bytes.</summary>
/// <remarks>Source: the list of Markus Kuhn's "UTF-8 decoder capability and stress test" as the cases 6.5 to 6.23 of the Autobahn test suite use it.</remarks>
internal static class Utf8Sequences
{
    private const string Greek = "CEBAE1BDB9CF83CEBCCEB5";

    private static readonly string[] Incomplete =
    [
        "C0", "E080", "F08080", "F8808080", "FC80808080", "DF", "EFBF", "F7BFBF", "FBBFBFBF", "FDBFBFBFBF",
    ];

    public static IReadOnlyList<IReadOnlyList<(bool IsValid, string Hex)>> Groups { get; } =
    [
        Valid("68656C6C6F24776F726C64", "68656C6C6FC2A2776F726C64", "68656C6C6FE282AC776F726C64", "68656C6C6FF0A4ADA2776F726C64", Greek),
        GreekPrefixes(),
        Valid("00", "C280", "E0A080", "F0908080"),
        Invalid("F888808080", "FC8480808080"),
        Valid("7F", "DFBF", "EFBFBF", "F48FBFBF"),
        Invalid("F7BFBFBF", "FBBFBFBFBF", "FDBFBFBFBFBF"),
        [.. Valid("ED9FBF", "EE8080", "EFBFBD", "F48FBFBF"), .. Invalid("F4908080")],
        Invalid("80", "BF", "80BF", "80BF80", "80BF80BF", "80BF80BF80", "80BF80BF80BF", Hex(Range(0x80, 0xBF))),
        Invalid(Lonely(0xC0, 0xDF), Lonely(0xE0, 0xEF), Lonely(0xF0, 0xF7), Lonely(0xF8, 0xFB), Lonely(0xFC, 0xFD)),
        Invalid(Incomplete),
        Invalid(string.Concat(Incomplete)),
        Invalid("FE", "FF", "FEFEFFFF"),
        Invalid("C0AF", "E080AF", "F08080AF", "F8808080AF", "FC80808080AF"),
        Invalid("C1BF", "E09FBF", "F08FBFBF", "F887BFBFBF", "FC83BFBFBFBF"),
        Invalid("C080", "E08080", "F0808080", "F880808080", "FC8080808080"),
        Invalid("EDA080", "EDADBF", "EDAE80", "EDAFBF", "EDB080", "EDBE80", "EDBFBF"),
        Invalid("EDA080EDB080", "EDA080EDBFBF", "EDADBFEDB080", "EDADBFEDBFBF", "EDAE80EDB080", "EDAE80EDBFBF", "EDAFBFEDB080", "EDAFBFEDBFBF"),
        NonCharacters(),
        Valid("EFBFB9", "EFBFBA", "EFBFBB", "EFBFBC", "EFBFBD", "EFBFBE", "EFBFBF"),
    ];

    private static (bool IsValid, string Hex)[] Valid(params string[] texts) => [.. texts.Select(text => (true, text))];

    private static (bool IsValid, string Hex)[] Invalid(params string[] texts) => [.. texts.Select(text => (false, text))];

    /// <summary>Every prefix of the Greek word; those that do not end inside a letter are valid.</summary>
    private static (bool IsValid, string Hex)[] GreekPrefixes()
    {
        int[] borders = [2, 5, 7, 9, 11];
        return [.. Enumerable.Range(1, Greek.Length / 2).Select(bytes => (borders.Contains(bytes), Greek[..(2 * bytes)]))];
    }

    /// <summary>The last two code points of each plane: noncharacters, but valid.</summary>
    private static (bool IsValid, string Hex)[] NonCharacters()
    {
        List<string> texts = ["EFBFBE", "EFBFBF"];
        for (int plane = 1; plane <= 16; plane++)
        {
            texts.Add(Hex(System.Text.Encoding.UTF8.GetBytes(char.ConvertFromUtf32((plane << 16) | 0xFFFE))));
            texts.Add(Hex(System.Text.Encoding.UTF8.GetBytes(char.ConvertFromUtf32((plane << 16) | 0xFFFF))));
        }

        return Valid([.. texts]);
    }

    /// <summary>Lead bytes without the last byte of their range, each followed by a space.</summary>
    private static string Lonely(int first, int last) => Hex([.. Range(first, last).SelectMany(lead => new byte[] { lead, 0x20 })]);

    private static byte[] Range(int first, int last) => [.. Enumerable.Range(first, last - first).Select(value => (byte)value)];

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
