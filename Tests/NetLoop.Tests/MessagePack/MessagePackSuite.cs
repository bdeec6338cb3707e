using System.Text.Json;

namespace NetLoop.Tests.MessagePack;

/// <summary>The values and encodings of kawanet/msgpack-test-suite, whose license (MIT) is in the same folder, <c>Suite</c>.</summary>
internal static class MessagePackSuite
{
    public sealed record Entry(string Group, JsonElement Value, byte[][] Encodings)
    {
        public override string ToString() => $"{Group}: {Value.GetRawText()}";
    }

    /// <summary>The suite.</summary>
    public static List<Entry> Load()
    {
        using System.IO.Stream file = typeof(MessagePackSuite).Assembly.GetManifestResourceStream("msgpack-test-suite.json")!;
        using MemoryStream json = new();
        file.CopyTo(json);
        return Parse(json.ToArray());
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
