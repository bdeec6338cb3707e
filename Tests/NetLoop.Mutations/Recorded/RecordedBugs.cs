using System.Text.RegularExpressions;

namespace NetLoop.Mutations.Recorded;

/// <summary>The table of bugs that nets are known to find: Recorded/PlantedBugs.tsv.</summary>
internal static class RecordedBugs
{
    /// <summary>The first line of the file.</summary>
    public const string Header = "# place\twhat it does\tnet\twho finds it";

    private const string Resource = "PlantedBugs.tsv";

    /// <summary>All bugs, in the order of the file.</summary>
    public static IReadOnlyList<RecordedBug> Load()
    {
        using Stream stream = typeof(RecordedBugs).Assembly.GetManifestResourceStream(Resource)!;
        using StreamReader reader = new(stream);
        return [.. Parse(reader.ReadToEnd())];
    }

    /// <summary>The line of a bug in the file.</summary>
    public static string Format(RecordedBug bug) => string.Join('\t', bug.Id, bug.Words, bug.Net, bug.Finder);

    /// <summary>The table as it appears in documents.</summary>
    public static IEnumerable<string> ToMarkdown(IEnumerable<RecordedBug> bugs) =>
    [
        "| place | bug | net | found by |",
        "|---|---|---|---|",
        .. bugs.Select(
            bug => $"| `{Regex.Replace(bug.Id.Split('/')[0], @"`\d+", "")}` | {bug.Words} | {bug.Net} | "
                + $"`{bug.Finder.Replace("NetLoop.Tests.", "", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)}` |"),
    ];

    private static IEnumerable<RecordedBug> Parse(string text) =>
        from line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        where !line.StartsWith('#')
        let parts = line.TrimEnd('\r').Split('\t')
        select new RecordedBug(parts[0], parts[1], parts[2], parts[3]);
}
