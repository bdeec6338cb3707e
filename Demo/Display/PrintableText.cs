using System.Globalization;
using System.Text;

namespace NetLoop.Demo.Display;

/// <summary>Makes text from other programs safe to print: characters that would move the cursor or begin a new line are escaped.</summary>
internal static class PrintableText
{
    /// <summary>Decodes bytes as UTF-8; invalid bytes become the replacement character.</summary>
    public static string From(ReadOnlySpan<byte> bytes) => From(Encoding.UTF8.GetString(bytes));

    /// <summary>Escapes control characters as \n, \t or \x1b, and characters that break lines or reverse the direction of text as \u202e.</summary>
    public static string From(string text)
    {
        if (!text.Any(c => char.IsControl(c) || IsMisleading(c)))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' => printable.Append("\\n"),
                '\r' => printable.Append("\\r"),
                '\t' => printable.Append("\\t"),
                _ when char.IsControl(c) => printable.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ when IsMisleading(c) => printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => printable.Append(c),
            };
        }

        return printable.ToString();
    }

    // Line and paragraph separators, and marks and overrides of text direction, which make text look different from what it is.
    private static bool IsMisleading(char c) =>
        c is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
