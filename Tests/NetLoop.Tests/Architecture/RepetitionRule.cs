namespace NetLoop.Tests.Architecture;

/// <summary>No two places in the engine may share 12 or more lines. Blank lines, comments and imports do not count.</summary>
internal static class RepetitionRule
{
    public const int MinLines = 12;

    public static IEnumerable<string> Check(IEnumerable<(string Path, string[] Lines)> files)
    {
        var places = new Dictionary<string, (string Path, int Line)>();
        var reported = new HashSet<(string, string)>();
        foreach ((string path, string[] lines) in files)
        {
            (string Text, int Line)[] code =
            [
                .. lines
                    .Select(static (text, index) => (Text: string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Line: index + 1))
                    .Where(static line => line.Text.Length > 0
                        && !line.Text.StartsWith("//", StringComparison.Ordinal)
                        && !line.Text.StartsWith("using ", StringComparison.Ordinal)),
            ];
            for (int first = 0; first + MinLines <= code.Length; first++)
            {
                string text = string.Join('\n', code.AsSpan(first, MinLines).ToArray().Select(static line => line.Text));
                (string Path, int Line) here = (path, code[first].Line);
                if (!places.TryAdd(text, here) && reported.Add((places[text].Path, path)))
                {
                    yield return $"{here.Path}:{here.Line}: {MinLines} lines are those of {places[text].Path}:{places[text].Line}; write them once";
                }
            }
        }
    }
}
