using System.Text.RegularExpressions;
using NetLoop.Demo.Display;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Client;

/// <summary>Finds emotes and mentions in lines that are typed, and prints lines that are received.</summary>
internal static partial class RichText
{
    private static readonly Dictionary<string, string> Pictures = new(StringComparer.Ordinal)
    {
        ["heart"] = "\u2764",
        ["laugh"] = "\U0001F602",
        ["party"] = "\U0001F389",
        ["sad"] = "\U0001F622",
        ["thumbsup"] = "\U0001F44D",
        ["wave"] = "\U0001F44B",
    };

    /// <summary>Names of all emotes, for the help text.</summary>
    public static string EmoteNames => string.Join(' ', Pictures.Keys.Order(StringComparer.Ordinal).Select(name => $":{name}:"));

    /// <summary>Finds the emotes and mentions of a line.</summary>
    /// <returns>Null for a line without any.</returns>
    public static Rich? Parse(string text)
    {
        var rich = new Rich { Text = text };
        foreach (Match match in Marks().Matches(text))
        {
            Group emote = match.Groups["emote"];
            if (emote.Success && Pictures.ContainsKey(emote.Value))
            {
                Add(rich.Emotes, emote.Value, match);
            }
            else if (match.Groups["mention"] is { Success: true } mention)
            {
                Add(rich.Mentions, mention.Value, match);
            }
        }

        return rich.Emotes.Count + rich.Mentions.Count == 0 ? null : rich;
    }

    /// <summary>Returns the line with pictures in place of emotes, and a mark in front if it mentions this person.</summary>
    /// <param name="rich">Comes from the network: its ranges may be outside its text, or overlap.</param>
    /// <param name="name">The name of this person; null for none.</param>
    public static string Print(Rich rich, string? name)
    {
        string text = rich.Text;
        var pictures = rich.Emotes
            .Where(emote => Pictures.ContainsKey(emote.Key))
            .SelectMany(emote => (emote.Value ?? []).Select(range => (Start: range.Start.Value, End: range.End.Value, Picture: Pictures[emote.Key])))
            .Where(found => found.Start < found.End && found.End <= text.Length)
            .OrderByDescending(found => found.Start);
        int rest = text.Length;
        foreach ((int start, int end, string picture) in pictures)
        {
            if (end <= rest)
            {
                text = $"{text.AsSpan(0, start)}{picture}{text.AsSpan(end)}";
                rest = start;
            }
        }

        return PrintableText.From(name is not null && rich.Mentions.ContainsKey(name) ? $"> {text}" : text);
    }

    private static void Add(SortedDictionary<string, List<Range>> marks, string name, Match match)
    {
        if (!marks.TryGetValue(name, out List<Range>? places))
        {
            marks.Add(name, places = []);
        }

        places.Add(match.Index..(match.Index + match.Length));
    }

    [GeneratedRegex(@":(?<emote>[a-z]+):|(?<![\w@])@(?<mention>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Marks();
}
