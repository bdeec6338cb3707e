using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetLoop.Worlds;

/// <summary>The conditions of a link as text, for example <c>loss=0.25,duplication=0.25,latency=1s,jitter=100ms</c>.</summary>
internal static class LinkText
{
    /// <summary>What may be written.</summary>
    public const string Allowed = "loss=, duplication= or reordering= with 0 to 0.9, latency= or jitter= with ms or s, rate= with bytes per second";

    private const double MostProbable = 0.9;

    public static string Format(LinkConditions link)
    {
        List<string> words = [];
        Add(link.Loss, string.Create(CultureInfo.InvariantCulture, $"loss={link.Loss}"));
        Add(link.Duplication, string.Create(CultureInfo.InvariantCulture, $"duplication={link.Duplication}"));
        Add(link.Reordering, string.Create(CultureInfo.InvariantCulture, $"reordering={link.Reordering}"));
        Add(link.Latency.Ticks, string.Create(CultureInfo.InvariantCulture, $"latency={link.Latency.TotalMilliseconds}ms"));
        Add(link.Jitter.Ticks, string.Create(CultureInfo.InvariantCulture, $"jitter={link.Jitter.TotalMilliseconds}ms"));
        Add(link.BytesPerSecond, string.Create(CultureInfo.InvariantCulture, $"rate={link.BytesPerSecond}"));
        return words.Count > 0 ? string.Join(',', words) : "loss=0";

        void Add(double value, string word)
        {
            if (value > 0)
            {
                words.Add(word);
            }
        }
    }

    /// <summary>Reads conditions.</summary>
    /// <param name="text">Words separated by commas.</param>
    /// <param name="link">The conditions; what is not named is perfect.</param>
    /// <param name="mistake">The word that is wrong.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out LinkConditions? link, [NotNullWhen(false)] out string? mistake)
    {
        LinkConditions read = LinkConditions.Perfect;
        link = null;
        mistake = null;
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = word.Split('=');
            LinkConditions? changed = parts.Length == 2 ? With(read, parts[0], parts[1]) : null;
            if (changed is null)
            {
                mistake = word;
                return false;
            }

            read = changed;
        }

        link = read;
        return true;
    }

    private static LinkConditions? With(LinkConditions link, string name, string value) => name switch
    {
        "loss" when TryReadProbability(value, out double loss) => link with { Loss = loss },
        "duplication" when TryReadProbability(value, out double duplication) => link with { Duplication = duplication },
        "reordering" when TryReadProbability(value, out double reordering) => link with { Reordering = reordering },
        "latency" when TryReadTime(value, out TimeSpan latency) => link with { Latency = latency },
        "jitter" when TryReadTime(value, out TimeSpan jitter) => link with { Jitter = jitter },
        "rate" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long rate) => link with { BytesPerSecond = rate },
        _ => null,
    };

    private static bool TryReadProbability(string text, out double probability) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out probability) && probability <= MostProbable;

    private static bool TryReadTime(string text, out TimeSpan time)
    {
        bool isMilliseconds = text.EndsWith("ms", StringComparison.Ordinal);
        bool isTime = isMilliseconds || text.EndsWith('s');
        string number = isTime ? text[..^(isMilliseconds ? 2 : 1)] : "";
        bool isRead = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * (isMilliseconds ? 1 : 1_000) <= 60_000;
        time = isRead ? TimeSpan.FromMilliseconds(isMilliseconds ? value : value * 1_000) : TimeSpan.Zero;
        return isRead;
    }
}
