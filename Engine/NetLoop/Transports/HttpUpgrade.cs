using System.Text;

namespace NetLoop;

/// <summary>The HTTP request with which a WebSocket client asked for its connection: path, query and headers, as the client or a proxy sent them.</summary>
/// <remarks>Do not trust its contents: the client chose them. Its size is bounded by the limits of the upgrade: 8 KiB and 64 headers. Thread: any.</remarks>
public sealed class HttpUpgrade
{
    private HttpUpgrade(string path, string query, IReadOnlyDictionary<string, string> headers)
    {
        Path = path;
        Query = query;
        Headers = headers;
    }

    /// <summary>The path, such as <c>/room/red</c>, with its percent-encoding.</summary>
    public string Path { get; }

    /// <summary>The part after the question mark, such as <c>token=1</c>, with its percent-encoding; empty if there is none.</summary>
    public string Query { get; }

    /// <summary>The headers by name, in any case. The values of a header that occurs several times are joined by a comma and a space.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Reads a head that was accepted, so that its form is known to be right.</summary>
    /// <param name="head">From its first byte to its empty line.</param>
    internal static HttpUpgrade Parse(ReadOnlySpan<byte> head)
    {
        string[] lines = Encoding.Latin1.GetString(head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string target = lines[0].Split(' ')[1];
        int question = target.IndexOf('?', StringComparison.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines.AsSpan(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = line[..colon];
            string value = line[(colon + 1)..].Trim(' ', '\t');
            headers[name] = headers.TryGetValue(name, out string? before) ? $"{before}, {value}" : value;
        }

        return question < 0 ? new(target, "", headers) : new(target[..question], target[(question + 1)..], headers);
    }
}
