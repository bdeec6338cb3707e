using NetLoop.Framing.WebSockets;

namespace NetLoop.Transports.WebSockets;

/// <summary>Maps close reasons to WebSocket close codes, which browsers report, and back. A reason without a code of its own is 4000 plus its number.</summary>
internal static class CloseReasonCodes
{
    public static int ToCloseCode(this CloseReason reason) => reason switch
    {
        CloseReason.Normal => WebSocketCloseCode.Normal,
        CloseReason.ServerStopping => WebSocketCloseCode.GoingAway,
        CloseReason.Malformed => WebSocketCloseCode.InvalidData,
        CloseReason.FrameTooLarge => WebSocketCloseCode.MessageTooBig,
        CloseReason.Unauthorized => WebSocketCloseCode.Unauthorized,
        CloseReason.ServerFull => WebSocketCloseCode.TryAgainLater,
        CloseReason.HandlerFault => WebSocketCloseCode.InternalError,
        _ => WebSocketCloseCode.FirstPrivate + (int)reason,
    };

    /// <summary>Returns the reason for the HTTP status with which a server, or a proxy in front of it, rejected a client's upgrade.</summary>
    /// <param name="status">0 for a response that is not valid.</param>
    public static CloseReason FromHttpStatus(int status) => status switch
    {
        401 or 403 or 407 or 421 => CloseReason.Unauthorized,
        408 => CloseReason.HandshakeTimeout,
        429 => CloseReason.RateLimited,
        503 => CloseReason.ServerFull,
        501 or 505 => CloseReason.Malformed,
        >= 500 and <= 599 => CloseReason.TransportError, // The proxy cannot reach the server.
        _ => CloseReason.Malformed,
    };

    /// <summary>Returns the reason for a close frame without a Goodbye before it.</summary>
    /// <param name="code">The code of the frame; 0 if it has none.</param>
    /// <param name="isFromServer">Whether the server sent it. "Going away" means that a server stops, or that a browser leaves the page.</param>
    public static CloseReason FromCloseCode(int code, bool isFromServer) => code switch
    {
        WebSocketCloseCode.GoingAway or WebSocketCloseCode.ServiceRestart when isFromServer => CloseReason.ServerStopping,
        WebSocketCloseCode.ProtocolError or WebSocketCloseCode.UnsupportedData or WebSocketCloseCode.InvalidData
            or WebSocketCloseCode.PolicyViolation => CloseReason.Malformed,
        WebSocketCloseCode.MessageTooBig => CloseReason.FrameTooLarge,
        WebSocketCloseCode.InternalError => CloseReason.HandlerFault,
        WebSocketCloseCode.TryAgainLater => CloseReason.ServerFull,
        WebSocketCloseCode.BadGateway => CloseReason.TransportError,
        WebSocketCloseCode.Unauthorized => CloseReason.Unauthorized,
        >= WebSocketCloseCode.FirstPrivate when Enum.IsDefined((CloseReason)(code - WebSocketCloseCode.FirstPrivate)) =>
            (CloseReason)(code - WebSocketCloseCode.FirstPrivate),
        _ => CloseReason.Normal,
    };
}
