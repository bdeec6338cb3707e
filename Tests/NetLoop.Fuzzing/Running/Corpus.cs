namespace NetLoop.Fuzzing.Running;

/// <summary>The inputs that are checked in: lines of hexadecimal digits, with comments behind '#'.</summary>
internal static class Corpus
{
    /// <summary>The inputs of one target; none when it has no file.</summary>
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
