namespace NetLoop.Tests.Architecture;

/// <summary>No line of code may be longer than 160 columns, except in raw strings, where a line break would change the text.</summary>
internal static class WidthRule
{
    public const int MaxColumns = 160;

    private const string RawString = "\"\"\"";

    public static IEnumerable<string> Check(string path, string[] lines)
    {
        bool isInText = false;
        for (int index = 0; index < lines.Length; index++)
        {
            if (lines[index].Length > MaxColumns && !isInText)
            {
                yield return $"{path}:{index + 1}: {lines[index].Length} columns; {MaxColumns} are the most";
            }

            if ((lines[index].Split(RawString).Length - 1) % 2 == 1)
            {
                isInText = !isInText;
            }
        }
    }
}
