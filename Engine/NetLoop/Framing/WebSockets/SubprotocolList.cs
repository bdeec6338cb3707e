using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>The subprotocols that a listener speaks, or that a client offers.</summary>
/// <remarks>Thread: any; immutable. Source: RFC 6455, sections 1.9, 4.1 and 4.2.2: names are tokens and case-sensitive.</remarks>
internal sealed class SubprotocolList
{
    /// <summary>Maximum number of names in a list.</summary>
    public const int MaxCount = 16;

    /// <summary>Maximum number of bytes of the names in a list with their separators: half of a head, which leaves room for the rest of the request.</summary>
    public const int MaxBytes = HttpHead.MaxBytes / 2;

    private readonly string[] _names;
    private readonly byte[][] _bytes;

    /// <param name="names">Names that <see cref="IsName"/> accepts.</param>
    public SubprotocolList(IEnumerable<string> names)
    {
        _names = [.. names];
        _bytes = [.. _names.Select(Encoding.ASCII.GetBytes)];
    }

    /// <summary>No names.</summary>
    public static SubprotocolList None { get; } = new([]);

    public bool IsEmpty => _names.Length == 0;

    /// <summary>Whether a text is a token, and can therefore be a name.</summary>
    public static bool IsName(string text) => text.Length > 0 && !Encoding.UTF8.GetBytes(text).AsSpan().ContainsAnyExcept(HttpHead.TokenBytes);

    /// <summary>Whether names fit into one header and are all different.</summary>
    public static bool Fit(IList<string> names) =>
        names.Count <= MaxCount && names.Sum(static name => name.Length + 2) <= MaxBytes && names.Distinct(StringComparer.Ordinal).Count() == names.Count;

    /// <summary>Finds the name that equals a header; null if the list does not have it.</summary>
    public string? Find(ReadOnlySpan<byte> header)
    {
        for (int i = 0; i < _bytes.Length; i++)
        {
            if (header.SequenceEqual(_bytes[i]))
            {
                return _names[i];
            }
        }

        return null;
    }

    /// <summary>Finds the client's first offer that is in the list; null if there is none.</summary>
    /// <param name="head">The client's request. It has at most 4,096 names, because its length is limited.</param>
    public string? FindFirstOffered(ReadOnlySpan<byte> head)
    {
        string? first = null;
        while (!IsEmpty && HttpHead.TryTakeLast(ref head, "sec-websocket-protocol"u8, out ReadOnlySpan<byte> offered))
        {
            first = FindFirst(offered) ?? first; // The headers are read from the last to the first.
        }

        return first;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _names);

    private string? FindFirst(ReadOnlySpan<byte> offered)
    {
        foreach (Range range in offered.Split((byte)','))
        {
            if (Find(offered[range].Trim(" \t"u8)) is { } name)
            {
                return name;
            }
        }

        return null;
    }
}
