namespace NetLoop;

/// <summary>A client could not open its session. The message says where and why.</summary>
public sealed class NetConnectException : Exception
{
    internal NetConnectException(NetEndpoint endpoint, SocketStatus status, CloseReason reason, string message)
        : base(message)
    {
        Endpoint = endpoint;
        Status = status;
        Reason = reason;
    }

    /// <summary>Where it wanted to connect.</summary>
    public NetEndpoint Endpoint { get; }

    /// <summary>What the operating system said; Ok when the server itself refused.</summary>
    public SocketStatus Status { get; }

    /// <summary>What the server said; TransportError when nobody answered.</summary>
    public CloseReason Reason { get; }

    internal static NetConnectException For(in NetEndpoint endpoint, SocketStatus status, in CloseInfo info)
    {
        string message = status switch
        {
            SocketStatus.Ok => $"{endpoint.ToUri()} refused the session: {info}.",
            SocketStatus.ConnectionRefused => $"nobody listens on {endpoint.ToUri()}; start the server first.",
            SocketStatus.NotFound => $"there is no socket {endpoint.ToUri()}; start the server first.",
            SocketStatus.TimedOut => $"{endpoint.ToUri()} does not answer.",
            SocketStatus.TooManyFiles => "this process has no free descriptor; raise its limit of open files or connect fewer clients.",
            _ => $"cannot connect to {endpoint.ToUri()}: {status}.",
        };
        return new NetConnectException(endpoint, status, info.Reason, message);
    }
}
