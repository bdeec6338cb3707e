using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

/// <summary>The values and encodings of kawanet/msgpack-test-suite, which lies beside the repository and is not part of it.</summary>
internal static class MessagePackSuite
{
    public sealed record Entry(string Group, JsonElement Value, byte[][] Encodings)
    {
        public override string ToString() => $"{Group}: {Value.GetRawText()}";
    }

    /// <summary>The suite, or the test is ignored.</summary>
    public static List<Entry> Load()
    {
        string relative = Path.Combine("shared", "vectors", "msgpack", "msgpack-test-suite.json");
        for (DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relative);
            if (File.Exists(path))
            {
                return Parse(File.ReadAllBytes(path));
            }
        }
        Assert.Ignore($"{relative} is in no folder above the tests.");
        return [];
    }

    public static byte[] Bytes(string dashed) => Convert.FromHexString(dashed.Replace("-", "", StringComparison.Ordinal));

    private static List<Entry> Parse(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        List<Entry> entries = [];
        foreach (JsonProperty group in document.RootElement.EnumerateObject())
        {
            foreach (JsonElement entry in group.Value.EnumerateArray())
            {
                byte[][] encodings = [.. entry.GetProperty("msgpack").EnumerateArray().Select(hex => Bytes(hex.GetString()!))];
                entries.Add(new(group.Name, entry.Clone(), encodings));
            }
        }
        return entries;
    }
}
