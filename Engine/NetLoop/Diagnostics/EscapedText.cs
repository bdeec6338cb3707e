using System.Buffers;
using System.Globalization;
using System.Text;

namespace NetLoop.Diagnostics;

/// <summary>
/// Escapes text from a peer for a log or a terminal: characters that would move the cursor, start a line or reorder the text are written as <c>\u001b</c>.
/// </summary>
/// <remarks>Thread: any. A text without such characters that is not too long is returned unchanged.</remarks>
internal static class EscapedText
{
    /// <summary>Maximum number of characters shown; an ellipsis replaces the rest.</summary>
    public const int MaxCharacters = 1024;

    /// <summary>C0, DEL and C1, line and paragraph separators, and the marks that reverse the direction of text (Trojan Source, CVE-2021-42574).</summary>
    private static readonly SearchValues<char> Unprintable = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Select(code => (char)code),
        .. Enumerable.Range(0x7F, 0x21).Select(code => (char)code),
        '\u061C', '\u200E', '\u200F', '\u2028', '\u2029', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069', '\uFEFF',
    ]);

    /// <summary>Escapes one text.</summary>
    public static string From(string text)
    {
        if (text.Length <= MaxCharacters && !text.AsSpan().ContainsAny(Unprintable))
        {
            return text;
        }

        int shown = Math.Min(text.Length, MaxCharacters);
        var printable = new StringBuilder(shown + 16);
        foreach (char c in text.AsSpan(0, shown))
        {
            _ = Unprintable.Contains(c) ? printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : printable.Append(c);
        }

        return shown == text.Length ? printable.ToString() : printable.Append('…').ToString();
    }
}
