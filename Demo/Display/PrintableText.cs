using System.Globalization;
using System.Text;

namespace NetLoop.Demo.Display;

/// <summary>Text from strangers, made safe to print: what would move the cursor or begin a new line is written out.</summary>
internal static class PrintableText
{
    /// <summary>Reads bytes as UTF-8; those that are none become the replacement character.</summary>
    public static string From(ReadOnlySpan<byte> bytes) => From(Encoding.UTF8.GetString(bytes));

    /// <summary>Writes control characters as \n, \t or \x1b.</summary>
    public static string From(string text)
    {
        if (!text.Any(char.IsControl))
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
                _ => printable.Append(c),
            };
        }

        return printable.ToString();
    }
}
