using System.Globalization;

namespace NetLoop.Demo.CommandLine;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>1.5m</c>, <c>1h</c>.</summary>
internal static class DurationText
{
    /// <summary>Maximum duration; the platform's timers are limited to 49 days.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(30);

    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    /// <summary>Reads a number with its unit. The number is greater than zero and may have a fraction.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach ((string unit, double milliseconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                double total = number * milliseconds;
                if (total >= 1 && total <= Max.TotalMilliseconds)
                {
                    duration = TimeSpan.FromMilliseconds(total);
                    return true;
                }
            }
        }

        return false;
    }
}
