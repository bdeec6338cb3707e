using System.Buffers;
using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>The parts of the head of an HTTP/1.1 message that an upgrade to WebSocket needs. Strict: ambiguous heads are rejected.</summary>
/// <remarks>
/// Hand-written and linear: each byte is read a fixed number of times, whatever the peer sends. Source: RFC 9112, sections 2 to 5; no line folding, no bare
/// line feeds, no space before a colon.
/// </remarks>
internal ref struct HttpHead
{
    /// <summary>Length of the longest head, including its empty line.</summary>
    public const int MaxBytes = 8 * 1024;

    public const int MaxHeaders = 64;

    /// <summary>The bytes of a token: the name of a header, or of a subprotocol (RFC 9110, section 5.6.2).</summary>
    public static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Control bytes other than a tab are not allowed in a header.</summary>
    private static readonly SearchValues<byte> ForbiddenBytes = SearchValues.Create(ForbiddenInValues());

    private bool _isRepeated;

    public ReadOnlySpan<byte> StartLine { get; private set; }

    public ReadOnlySpan<byte> Host { get; private set; }

    public ReadOnlySpan<byte> Origin { get; private set; }

    public ReadOnlySpan<byte> Key { get; private set; }

    public ReadOnlySpan<byte> Accept { get; private set; }

    public ReadOnlySpan<byte> Version { get; private set; }

    public bool HasHost { get; private set; }

    public bool HasOrigin { get; private set; }

    /// <summary>Whether the head has Upgrade: websocket.</summary>
    public bool NamesWebSocket { get; private set; }

    /// <summary>Whether the head has Connection: Upgrade.</summary>
    public bool UpgradesConnection { get; private set; }

    public bool HasExtensions { get; private set; }

    /// <summary>The value of the last header with subprotocols; a response may have one, a request several.</summary>
    public ReadOnlySpan<byte> Subprotocol { get; private set; }

    /// <summary>Number of those headers.</summary>
    public int SubprotocolHeaders { get; private set; }

    /// <summary>Whether a body may follow; an upgrade has none.</summary>
    public bool HasBody { get; private set; }

    /// <summary>Searches for the empty line that ends a head.</summary>
    /// <param name="received">From the head's first byte on.</param>
    /// <param name="searched">The position at which the last call stopped; updated.</param>
    /// <param name="length">Length of the head with its empty line, once that has arrived; else 0.</param>
    /// <returns>False when a line does not end with both a carriage return and a line feed.</returns>
    public static bool TryFindEnd(ReadOnlySpan<byte> received, ref int searched, out int length)
    {
        length = 0;
        while (searched < received.Length)
        {
            int found = received[searched..].IndexOf((byte)'\n');
            if (found < 0)
            {
                searched = received.Length;
                return true;
            }

            int end = searched + found + 1;
            searched = end;
            if (!received[..end].EndsWith("\r\n"u8))
            {
                return false;
            }

            if (received[..end].EndsWith("\r\n\r\n"u8))
            {
                length = end;
                return true;
            }
        }

        return true;
    }

    /// <summary>Finds the last header of a name.</summary>
    /// <param name="head">
    /// A whole head that <see cref="Parse"/> accepts. It is shortened to end before that header, so that the next call finds the previous one.
    /// </param>
    /// <param name="name">In lower case.</param>
    /// <param name="value">Without the spaces around it.</param>
    public static bool TryTakeLast(scoped ref ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (head.LastIndexOf("\r\n"u8) is >= 0 and var end)
        {
            ReadOnlySpan<byte> line = head[(end + 2)..];
            head = head[..end];
            if (line.Length > name.Length && line[name.Length] == (byte)':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                value = line[(name.Length + 1)..].Trim(" \t"u8);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Reads a whole head.</summary>
    /// <returns>0, or the HTTP status of the error: 400 or 431.</returns>
    public static int Parse(ReadOnlySpan<byte> head, out HttpHead parsed)
    {
        parsed = default;
        parsed.StartLine = NextLine(ref head);
        int count = 0;
        for (ReadOnlySpan<byte> line = NextLine(ref head); !line.IsEmpty; line = NextLine(ref head))
        {
            if (++count > MaxHeaders)
            {
                return 431;
            }

            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes))
            {
                return 400;
            }

            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            if (value.ContainsAny(ForbiddenBytes))
            {
                return 400;
            }

            parsed.Take(line[..colon], value);
        }

        return parsed._isRepeated ? 400 : 0;
    }

    private static byte[] ForbiddenInValues() =>
        [.. Enumerable.Range(0, 0x20).Where(value => value != '\t').Append(0x7F).Select(value => (byte)value)];

    private static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> head)
    {
        int end = head.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return default;
        }

        ReadOnlySpan<byte> line = head[..end];
        head = head[(end + 2)..];
        return line;
    }

    /// <summary>Whether a comma-separated list names a token.</summary>
    private static bool Names(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        foreach (Range range in list.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(list[range].Trim(" \t"u8), token))
            {
                return true;
            }
        }

        return false;
    }

    private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // Compare the length first: most headers of a browser are not among these.
        switch (name.Length)
        {
            case 4 when Ascii.EqualsIgnoreCase(name, "host"u8):
                _isRepeated |= HasHost;
                HasHost = true;
                Host = value;
                break;

            case 6 when Ascii.EqualsIgnoreCase(name, "origin"u8):
                _isRepeated |= HasOrigin;
                HasOrigin = true;
                Origin = value;
                break;

            case 7 when Ascii.EqualsIgnoreCase(name, "upgrade"u8):
                NamesWebSocket |= Names(value, "websocket"u8);
                break;

            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                UpgradesConnection |= Names(value, "upgrade"u8);
                break;

            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                HasBody |= !value.SequenceEqual("0"u8);
                break;

            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                HasBody = true;
                break;

            case 17 when Ascii.EqualsIgnoreCase(name, "sec-websocket-key"u8):
                _isRepeated |= !Key.IsEmpty;
                Key = value;
                break;

            case 20 when Ascii.EqualsIgnoreCase(name, "sec-websocket-accept"u8):
                _isRepeated |= !Accept.IsEmpty;
                Accept = value;
                break;

            case 21 when Ascii.EqualsIgnoreCase(name, "sec-websocket-version"u8):
                _isRepeated |= !Version.IsEmpty;
                Version = value;
                break;

            case 22 when Ascii.EqualsIgnoreCase(name, "sec-websocket-protocol"u8):
                SubprotocolHeaders++;
                Subprotocol = value;
                break;

            case 24 when Ascii.EqualsIgnoreCase(name, "sec-websocket-extensions"u8):
                HasExtensions = true;
                break;
        }
    }
}
