using System.Globalization;

namespace NetLoop.Generators.Model;

/// <summary>The shortest and the longest length of a value.</summary>
/// <param name="Min">0 for no minimum.</param>
/// <param name="Max">The largest integer for no maximum.</param>
internal sealed record LengthLimits(int Min, int Max)
{
    /// <summary>No limits.</summary>
    public static LengthLimits None { get; } = new(0, int.MaxValue);

    /// <summary>The limits as a pattern; null when there are none.</summary>
    public string? Pattern => (Min > 0, Max < int.MaxValue) switch
    {
        (true, true) => $">= {Text(Min)} and <= {Text(Max)}",
        (true, false) => $">= {Text(Min)}",
        (false, true) => $"<= {Text(Max)}",
        _ => null,
    };

    /// <summary>The same limits in bytes of UTF-8: a character takes one to three.</summary>
    public LengthLimits OfUtf8 => new(Min, (int)System.Math.Min(int.MaxValue, 3L * Max));

    /// <summary>The call that checks the header of a value against the limits.</summary>
    public string HeaderCheck => $"reader.HasLength({Text(Min)}, {(Max == int.MaxValue ? "int.MaxValue" : Text(Max))})";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
