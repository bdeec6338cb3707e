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

    /// <summary>None of a host's addresses answered.</summary>
    internal static NetConnectException ForAll(in NetEndpoint endpoint, IReadOnlyList<NetEndpoint> addresses, IReadOnlyList<SocketStatus> failures)
    {
        string tried = string.Join(", ", addresses.Select((address, i) => $"{address} {Describe(failures[i])}"));
        string message = failures.All(static status => status == SocketStatus.ConnectionRefused)
            ? $"nobody listens on {endpoint.ToUri()} ({string.Join(", ", addresses)}); start the server first."
            : $"cannot connect to {endpoint.ToUri()}: {tried}.";
        return new NetConnectException(endpoint, failures[^1], CloseReason.TransportError, message);
    }

    /// <summary>The host's name has no address.</summary>
    internal static NetConnectException NotFound(in NetEndpoint endpoint, string why) =>
        new(endpoint, SocketStatus.NotFound, CloseReason.TransportError, $"cannot connect to {endpoint.ToUri()}: {why}.");

    internal static NetConnectException For(in NetEndpoint endpoint, SocketStatus status, in CloseInfo info)
    {
        string message = status switch
        {
            SocketStatus.Ok => $"{endpoint.ToUri()} rejected the session: {info}.",
            SocketStatus.ConnectionRefused => $"nobody listens on {endpoint.ToUri()}; start the server first.",
            SocketStatus.NotFound => $"the socket {endpoint.ToUri()} does not exist; start the server first.",
            SocketStatus.TimedOut => $"{endpoint.ToUri()} does not answer.",
            SocketStatus.TooManyFiles => "this process has no free descriptor; raise its limit of open files or connect fewer clients.",
            _ => $"cannot connect to {endpoint.ToUri()}: {status}.",
        };
        return new NetConnectException(endpoint, status, info.Reason, message);
    }

    private static string Describe(SocketStatus status) => status switch
    {
        SocketStatus.ConnectionRefused => "refuses the connection",
        SocketStatus.TimedOut => "does not answer",
        SocketStatus.Unreachable or SocketStatus.AddressNotAvailable or SocketStatus.Unsupported => "cannot be reached from here",
        _ => $"fails with {status}",
    };
}
