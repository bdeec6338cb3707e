namespace NetLoop.Fuzzing.Running;

/// <summary>The inputs in the repository: lines of hexadecimal digits, with comments after '#'.</summary>
internal static class Corpus
{
    /// <summary>The inputs of one target; empty if it has no file.</summary>
    public static List<byte[]> Load(string target)
    {
        using Stream? resource = typeof(Corpus).Assembly.GetManifestResourceStream(target);
        if (resource is null)
        {
            return [];
        }

        List<byte[]> inputs = [];
        using StreamReader reader = new(resource);
        while (reader.ReadLine() is { } line)
        {
            string digits = line.Split('#')[0].Replace(" ", "", StringComparison.Ordinal);
            if (digits.Length > 0)
            {
                inputs.Add(Convert.FromHexString(digits));
            }
        }

        return inputs;
    }
}
