using System.Globalization;
using System.Text;

namespace NetLoop.Worlds.Guests;

/// <summary>Values as text; only equal values have equal texts.</summary>
internal static class Spoken
{
    /// <summary>Several values in order.</summary>
    public static string Of(params ReadOnlySpan<object?> values)
    {
        var text = new StringBuilder();
        foreach (object? value in values)
        {
            text.Append(One(value)).Append('|');
        }

        return text.ToString();
    }

    /// <summary>The values of a list.</summary>
    public static string All<T>(IEnumerable<T> values) => "[" + string.Join(',', values.Select(static value => One(value))) + "]";

    /// <summary>The values of a set or map, which has no order.</summary>
    public static string Sorted<T>(IEnumerable<T> values) =>
        "{" + string.Join(',', values.Select(static value => One(value)).Order(StringComparer.Ordinal)) + "}";

    private static string One(object? value) => value switch
    {
        null => "null",
        ISpoken spoken => spoken.Say(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
