using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>A server's response to a request to upgrade.</summary>
/// <param name="Status">101, 200 or 503 to a health check, or the HTTP status of a rejection.</param>
/// <param name="Text">Reason for the rejection, for people; empty for 101. ASCII.</param>
/// <remarks>Source: RFC 6455, section 4.2; RFC 9110 for the statuses.</remarks>
internal readonly record struct UpgradeResponse(int Status, string Text)
{
    public const int SwitchingProtocols = 101;

    public static readonly UpgradeResponse Accepted = new(SwitchingProtocols, "");

    /// <summary>The subprotocol that the server chose; null for none.</summary>
    public string? Subprotocol { get; init; }

    /// <summary>Whether the request was HEAD, so that the response has no body.</summary>
    public bool IsHead { get; init; }

    /// <summary>Whether this is the response to a health check, which is not a rejection.</summary>
    public bool IsHealth { get; init; }

    public bool IsAccepted => Status == SwitchingProtocols;

    /// <summary>Whether a valid request was rejected because of its host or origin, which the listener's options can allow.</summary>
    public bool IsForbidden => Status is 403 or 421;

    /// <summary>Checks a request.</summary>
    /// <param name="head">From its first byte to its empty line.</param>
    /// <param name="policy">Who may upgrade.</param>
    /// <param name="accept">28 bytes for the accept key; written when accepted.</param>
    public static UpgradeResponse To(ReadOnlySpan<byte> head, UpgradePolicy policy, Span<byte> accept)
    {
        int fault = HttpHead.Parse(head, out HttpHead request);
        if (fault != 0)
        {
            return new(fault, fault == 431 ? $"The request has more than {HttpHead.MaxHeaders} headers." : "The request is malformed.");
        }

        if (!TryReadRequestLine(request.StartLine, out ReadOnlySpan<byte> method, out ReadOnlySpan<byte> target, out ReadOnlySpan<byte> version))
        {
            return new(400, "The request line is malformed.");
        }

        // A proxy's or orchestrator's health check may use HTTP/1.0, and may have no Host or a different one.
        bool isHead = method.SequenceEqual("HEAD"u8);
        if (policy.Health is { } health && health.IsAt(target) && !request.NamesWebSocket && (isHead || method.SequenceEqual("GET"u8)))
        {
            return health.Answer() with { IsHead = isHead };
        }

        if (!version.SequenceEqual("HTTP/1.1"u8))
        {
            return new(505, "WebSocket needs HTTP/1.1; a proxy in front must use it too (nginx: proxy_http_version 1.1).") { IsHead = isHead };
        }

        if (!method.SequenceEqual("GET"u8))
        {
            return new(405, "WebSocket opens with GET.") { IsHead = isHead };
        }

        if (!request.HasHost || request.HasBody)
        {
            return new(400, "The request needs one Host and no body.");
        }

        if (!request.NamesWebSocket || !request.UpgradesConnection)
        {
            return new(426, "This port speaks WebSocket. A proxy in front must pass the headers Upgrade and Connection on.");
        }

        if (!request.Version.SequenceEqual("13"u8))
        {
            return new(426, "This server speaks version 13 of WebSocket.");
        }

        if (!WebSocketKey.IsValid(request.Key))
        {
            return new(400, "Sec-WebSocket-Key must be 16 bytes in base64.");
        }

        if (policy.GetRejection(request) is { } rejection)
        {
            return rejection;
        }

        string? subprotocol = policy.Subprotocols.FindFirstOffered(head);
        if (subprotocol is null && policy.RequiresSubprotocol)
        {
            return new(400, $"The client must offer one of the subprotocols {policy.Subprotocols} (WebSocket.RequireSubprotocol).");
        }

        WebSocketKey.WriteAccept(request.Key, accept);
        return Accepted with { Subprotocol = subprotocol };
    }

    /// <summary>Writes the whole response.</summary>
    /// <param name="accept">The accept key; used when accepted.</param>
    public byte[] ToResponse(ReadOnlySpan<byte> accept)
    {
        if (IsAccepted)
        {
            string chosen = Subprotocol is null ? "" : $"\r\nSec-WebSocket-Protocol: {Subprotocol}";
            return
            [
                .. "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "u8,
                .. accept,
                .. Encoding.ASCII.GetBytes(chosen),
                .. "\r\n\r\n"u8,
            ];
        }

        string more = Status switch
        {
            405 => "Allow: GET\r\n",
            426 => "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
            _ => "",
        };
        string connection = Status == 426 ? "close, Upgrade" : "close";
        return Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {Status} {Phrase}\r\nConnection: {connection}\r\n{more}Content-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + $"{Text.Length + 1}\r\n\r\n{(IsHead ? "" : Text + "\n")}");
    }

    private string Phrase => Status switch
    {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        421 => "Misdirected Request",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "HTTP Version Not Supported",
    };

    private static bool TryReadRequestLine(
        ReadOnlySpan<byte> line, out ReadOnlySpan<byte> method, out ReadOnlySpan<byte> target, out ReadOnlySpan<byte> version)
    {
        method = default;
        target = default;
        version = default;
        int first = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first + 1 || line[(first + 1)..last].ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
        {
            return false;
        }

        method = line[..first];
        target = line[(first + 1)..last];
        version = line[(last + 1)..];
        return version.StartsWith("HTTP/"u8) && !method.ContainsAnyExceptInRange((byte)'A', (byte)'Z');
    }
}
