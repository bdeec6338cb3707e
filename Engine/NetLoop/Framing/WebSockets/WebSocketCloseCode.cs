namespace NetLoop.Framing.WebSockets;

/// <summary>The close codes of WebSocket.</summary>
/// <remarks>Source: RFC 6455, section 7.4, and the registry of close codes at IANA.</remarks>
internal static class WebSocketCloseCode
{
    public const int Normal = 1000;
    public const int GoingAway = 1001;
    public const int ProtocolError = 1002;
    public const int UnsupportedData = 1003;
    public const int InvalidData = 1007;
    public const int PolicyViolation = 1008;
    public const int MessageTooBig = 1009;
    public const int InternalError = 1011;
    public const int ServiceRestart = 1012;
    public const int TryAgainLater = 1013;

    /// <summary>A proxy has lost the server.</summary>
    public const int BadGateway = 1014;

    /// <summary>Registered with the meaning of HTTP 401.</summary>
    public const int Unauthorized = 3000;

    /// <summary>The first code for applications.</summary>
    public const int FirstPrivate = 4000;

    /// <summary>
    /// Whether a close frame may have this code. The codes in the gaps are undefined or describe an end without a close frame.
    /// </summary>
    public static bool IsValid(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}
