using NetLoop.Framing.WebSockets;

namespace NetLoop.Transports.WebSockets;

/// <summary>What a browser sees in its close event for each reason: a code that says the same, or the reason's number above 4000.</summary>
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
}
