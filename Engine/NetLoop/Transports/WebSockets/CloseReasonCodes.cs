using NetLoop.Framing.WebSockets;

namespace NetLoop.Transports.WebSockets;

/// <summary>What a browser sees in its close event for each reason: a code that says the same, or the reason's number above 4000; and the way back.</summary>
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

    /// <summary>What a close frame says when no Goodbye came before it.</summary>
    /// <param name="code">Of the frame; 0 when it has none.</param>
    /// <param name="isFromServer">Whether the server sent it: one that goes away stops, a browser that does leaves the page.</param>
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
