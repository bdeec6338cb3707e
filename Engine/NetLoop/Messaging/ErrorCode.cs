namespace NetLoop;

/// <summary>Error codes of responses: Engine/PROTOCOL.md, section 5. 1000 and up belong to applications.</summary>
public static class ErrorCode
{
    /// <summary>There is no handler for requests of this type.</summary>
    public const int UnknownMessage = 1;

    /// <summary>The payload does not fit the contract.</summary>
    public const int MalformedPayload = 2;

    /// <summary>The handler threw; the exception is in the log of the handler's side.</summary>
    public const int HandlerFailed = 3;

    /// <summary>Too many requests are outstanding, or the send queue is full.</summary>
    public const int Overloaded = 4;

    /// <summary>The authenticator rejected the client.</summary>
    public const int Unauthorized = 5;

    /// <summary>No response within the timeout.</summary>
    public const int TimedOut = 6;

    /// <summary>The peer has another protocol version or contract fingerprint.</summary>
    public const int VersionMismatch = 7;

    /// <summary>The request or response exceeds the maximum frame size.</summary>
    public const int TooLarge = 8;

    /// <summary>The request was cancelled, or its session closed first.</summary>
    public const int Cancelled = 9;

    /// <summary>The server is stopping.</summary>
    public const int ServerStopping = 10;

    /// <summary>The first code an application may use.</summary>
    public const int FirstOfApplication = 1000;
}
