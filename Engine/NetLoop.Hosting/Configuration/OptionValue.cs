using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace NetLoop;

/// <summary>Parses the texts of option values. The options themselves check ranges.</summary>
internal static class OptionValue
{
    private static readonly (string Suffix, TimeSpan Unit)[] Units =
    [
        ("us", TimeSpan.FromMicroseconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    ];

    public static int Int32(IConfigurationSection section) =>
        int.TryParse(section.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Wrong(section, "a whole number, at most 2147483647");

    public static long Int64(IConfigurationSection section) =>
        long.TryParse(section.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Wrong(section, "a whole number");

    public static double Double(IConfigurationSection section) =>
        double.TryParse(section.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Wrong(section, "a number");

    public static bool Boolean(IConfigurationSection section) => bool.TryParse(section.Value, out bool value) ? value : throw Wrong(section, "true or false");

    public static string Text(IConfigurationSection section) => section.Value is { Length: > 0 } text ? text : throw Wrong(section, "a text");

    public static TEnum Word<TEnum>(IConfigurationSection section)
        where TEnum : struct, Enum =>
        Enum.TryParse(section.Value, ignoreCase: true, out TEnum value) && Enum.IsDefined(value) && !char.IsAsciiDigit(section.Value![0])
            ? value
            : throw Wrong(section, string.Join(", ", Enum.GetNames<TEnum>()));

    /// <summary>Parses "500ms", "10s", "2m", "1h", "00:00:10" or "0". A number without a unit is an error, because TimeSpan would parse it as days.</summary>
    public static TimeSpan Duration(IConfigurationSection section)
    {
        string text = section.Value?.Trim() ?? "";
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time))
        {
            return time;
        }

        foreach ((string suffix, TimeSpan unit) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(..^suffix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double count)
                && Math.Abs(count) < TimeSpan.MaxValue / unit)
            {
                return count * unit;
            }
        }

        throw Wrong(section, "a duration such as 500ms, 10s, 2m, 1h or 00:00:10");
    }

    /// <summary>Parses the address of a listener.</summary>
    public static NetEndpoint Endpoint(IConfigurationSection section)
    {
        try
        {
            return NetEndpoint.Parse(section.Value ?? "");
        }
        catch (FormatException error)
        {
            throw new NetConfigurationException(
                section.Path,
                $"{section.Path} is '{section.Value}': {error.Message} Write tcp://0.0.0.0:7777, ws://0.0.0.0:7780 or unix:///run/game.sock.",
                error);
        }
    }

    private static NetConfigurationException Wrong(IConfigurationSection section, string allowed) => new(
        section.Path,
        section.Value is { } value
            ? $"{section.Path} is '{value}'; allowed: {allowed}."
            : $"{section.Path} has keys or items of its own; allowed: {allowed}.");
}
