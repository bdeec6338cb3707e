namespace NetLoop;

/// <summary>Thrown when a client cannot open its session. The message names the endpoint and the cause.</summary>
public sealed class NetConnectException : Exception
{
    internal NetConnectException(NetEndpoint endpoint, SocketStatus status, CloseReason reason, string message)
        : base(message)
    {
        Endpoint = endpoint;
        Status = status;
        Reason = reason;
    }

    /// <summary>The endpoint to which it could not connect.</summary>
    public NetEndpoint Endpoint { get; }

    /// <summary>The error of the operating system; Ok if the server rejected the session.</summary>
    public SocketStatus Status { get; }

    /// <summary>The server's reason for rejecting the session; TransportError if there was no connection.</summary>
    public CloseReason Reason { get; }

    /// <summary>Creates the exception for a host none of whose addresses accepted the connection.</summary>
    internal static NetConnectException ForAll(in NetEndpoint endpoint, IReadOnlyList<NetEndpoint> addresses, IReadOnlyList<SocketStatus> failures)
    {
        string tried = string.Join(", ", addresses.Select((address, i) => $"{address} {Describe(failures[i])}"));
        string message = failures.All(static status => status == SocketStatus.ConnectionRefused)
            ? $"nobody listens on {endpoint.ToUri()} ({string.Join(", ", addresses)}); start the server first."
            : $"cannot connect to {endpoint.ToUri()}: {tried}.";
        return new NetConnectException(endpoint, failures[^1], CloseReason.TransportError, message);
    }

    /// <summary>Creates the exception for a host name without an address.</summary>
    internal static NetConnectException NotFound(in NetEndpoint endpoint, string why) =>
        new(endpoint, SocketStatus.NotFound, CloseReason.TransportError, $"cannot connect to {endpoint.ToUri()}: {why}.");

    internal static NetConnectException For(in NetEndpoint endpoint, SocketStatus status, in CloseInfo info)
    {
        string message = status switch
        {
            SocketStatus.Ok when info is { Reason: CloseReason.HandshakeTimeout, ByPeer: false } =>
                $"{endpoint.ToUri()} accepted the connection, but did not open the session in time: {info.Text}",
            SocketStatus.Ok => $"{endpoint.ToUri()} rejected the session: {Sentence(info.ToString())}",
            SocketStatus.ConnectionRefused => $"nobody listens on {endpoint.ToUri()}; start the server first.",
            SocketStatus.NotFound => $"the socket {endpoint.ToUri()} does not exist; start the server first.",
            SocketStatus.TimedOut when info is { Reason: CloseReason.TransportError, Text: not ("" or nameof(SocketStatus.TimedOut)) } =>
                $"{endpoint.ToUri()} does not answer. {info.Text}",
            SocketStatus.TimedOut => $"{endpoint.ToUri()} does not answer.",
            SocketStatus.ProtocolError when info.Text.Length > 0 => $"cannot connect to {endpoint.ToUri()}: {Sentence(info.Text)}",
            SocketStatus.TooManyFiles => "this process has no free descriptor; raise its limit of open files or connect fewer clients.",
            _ => $"cannot connect to {endpoint.ToUri()}: {status}.",
        };
        return new NetConnectException(endpoint, status, info.Reason, message);
    }

    // Texts of peers may be sentences already.
    private static string Sentence(string text) => text.EndsWith('.') ? text : $"{text}.";

    private static string Describe(SocketStatus status) => status switch
    {
        SocketStatus.ConnectionRefused => "refuses the connection",
        SocketStatus.TimedOut => "does not answer",
        SocketStatus.Unreachable or SocketStatus.AddressNotAvailable or SocketStatus.Unsupported => "cannot be reached from here",
        _ => $"fails with {status}",
    };
}
