using System.Globalization;

namespace NetLoop.Demo.Display;

/// <summary>Formats numbers for people.</summary>
internal static class Format
{
    /// <summary>With fewer messages than this, the average cost of one means nothing.</summary>
    public const int FewMessages = 100;

    /// <summary>A count with thousands separators: 12,345.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate: 12,345 or 3.2.</summary>
    public static string Rate(double perSecond) => perSecond.ToString(perSecond < 100 ? "0.#" : "N0", CultureInfo.InvariantCulture);

    /// <summary>A number of bytes: 512 B, 1.5 KiB, 3.2 MiB.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1_024 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 1_048_576 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_024:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_048_576:0.0} MiB"),
    };

    /// <summary>Bytes for each message: 12 B a message, or - if there are too few messages.</summary>
    public static string BytesEach(double bytes, double messages) => messages < FewMessages ? "-" : BytesEach(bytes / messages);

    /// <summary>Bytes for each message: 12 B a message.</summary>
    public static string BytesEach(double bytes) => $"{Bytes(bytes)} a message";

    /// <summary>A short time: 45 us, 1.23 ms, 2.5 s.</summary>
    public static string Time(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 0.1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0} us"),
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
    };

    /// <summary>A fraction as a percentage: 12%.</summary>
    public static string Percent(double fraction) => fraction.ToString("0%", CultureInfo.InvariantCulture);

    /// <summary>An elapsed time: 00:01:07.</summary>
    public static string Clock(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time:mm\\:ss}");
}
