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
        WebSocketCloseCode.Unauthorized => CloseReason.Unauthorized,
        >= WebSocketCloseCode.FirstPrivate when Enum.IsDefined((CloseReason)(code - WebSocketCloseCode.FirstPrivate)) =>
            (CloseReason)(code - WebSocketCloseCode.FirstPrivate),
        _ => CloseReason.Normal,
    };
}
