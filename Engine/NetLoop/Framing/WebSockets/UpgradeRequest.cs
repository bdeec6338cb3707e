using System.Buffers.Text;
using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>A client's request to upgrade, and the check of its response.</summary>
/// <remarks>Source: RFC 6455, section 4.1.</remarks>
internal sealed class UpgradeRequest
{
    private readonly byte[] _key = new byte[WebSocketKey.KeyBytes];
    private readonly SubprotocolList _subprotocols;

    /// <param name="host">The server's address and port, as in the URI.</param>
    /// <param name="target">Path and query, beginning with a slash; no spaces or control characters.</param>
    /// <param name="origin">The page's origin, for servers that want one; null sends none.</param>
    /// <param name="nonce">16 unpredictable bytes.</param>
    /// <param name="subprotocols">The subprotocols that the client offers, in order of preference; null for none.</param>
    public UpgradeRequest(string host, string target, string? origin, ReadOnlySpan<byte> nonce, SubprotocolList? subprotocols = null)
    {
        WebSocketKey.Write(nonce, _key);
        _subprotocols = subprotocols ?? SubprotocolList.None;
        string originLine = origin is null ? "" : $"Origin: {origin}\r\n";
        string offerLine = _subprotocols.IsEmpty ? "" : $"Sec-WebSocket-Protocol: {_subprotocols}\r\n";
        Bytes =
        [
            .. Encoding.UTF8.GetBytes(
                $"GET {target} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{originLine}{offerLine}Sec-WebSocket-Version: "
                    + "13\r\nSec-WebSocket-Key: "),
            .. _key,
            .. "\r\n\r\n"u8,
        ];
    }

    /// <summary>The request as it is sent.</summary>
    public byte[] Bytes { get; }

    /// <summary>The subprotocol that the server chose; null for none, or before its response.</summary>
    public string? Subprotocol { get; private set; }

    /// <summary>Checks the server's response.</summary>
    /// <param name="head">From its first byte to its empty line.</param>
    /// <param name="status">The HTTP status that rejected the upgrade; 0 if the response does not reject the upgrade, but is invalid.</param>
    /// <returns>Null if the server accepted the upgrade; otherwise the error message.</returns>
    public string? CheckResponse(ReadOnlySpan<byte> head, out int status)
    {
        status = 0;
        if (HttpHead.Parse(head, out HttpHead response) != 0 || !response.StartLine.StartsWith("HTTP/1.1 "u8) || response.StartLine.Length < 12)
        {
            return "The server's answer to the WebSocket upgrade is malformed.";
        }

        ReadOnlySpan<byte> number = response.StartLine.Slice(9, 3);
        if (number.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(number, out int code, out _))
        {
            return "The server's answer to the WebSocket upgrade is malformed.";
        }

        if (code != UpgradeResponse.SwitchingProtocols)
        {
            status = code;
            return code is 502 or 504
                ? $"The proxy does not reach the server: it answered the WebSocket upgrade with HTTP {code}."
                : $"The server answered the WebSocket upgrade with HTTP {code}.";
        }

        Span<byte> accept = stackalloc byte[WebSocketKey.AcceptBytes];
        WebSocketKey.WriteAccept(_key, accept);
        if (!response.NamesWebSocket || !response.UpgradesConnection || !response.Accept.SequenceEqual(accept))
        {
            return "The server's answer to the WebSocket upgrade does not prove that it speaks WebSocket.";
        }

        if (response.HasExtensions)
        {
            return "The server chose a WebSocket extension that was not offered.";
        }

        // The server need not choose any of the subprotocols that the client offers.
        Subprotocol = _subprotocols.Find(response.Subprotocol);
        return response.SubprotocolHeaders > (Subprotocol is null ? 0 : 1)
            ? "The server chose a WebSocket subprotocol that was not offered."
            : null;
    }
}
