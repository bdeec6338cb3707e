namespace NetLoop;

/// <summary>Thrown when a server cannot listen on an endpoint. The message names the endpoint, the cause and the remedy.</summary>
public sealed class NetListenException : Exception
{
    internal NetListenException(NetEndpoint endpoint, SocketStatus status, string message)
        : base(message)
    {
        Endpoint = endpoint;
        Status = status;
    }

    /// <summary>The endpoint on which it could not listen.</summary>
    public NetEndpoint Endpoint { get; }

    /// <summary>The error of the operating system.</summary>
    public SocketStatus Status { get; }

    /// <summary>Creates the exception for a host name without an address.</summary>
    internal static NetListenException ForName(in NetEndpoint endpoint, string why) =>
        new(endpoint, SocketStatus.NotFound, $"cannot listen on {endpoint.ToUri()}: {why}.");

    /// <summary>Creates the exception for a certificate that cannot be used.</summary>
    internal static NetListenException ForCertificate(in NetEndpoint endpoint, ArgumentException cause) =>
        new(endpoint, SocketStatus.Ok, $"cannot listen on {endpoint.ToUri()}: {cause.Message}");

    internal static NetListenException For(INetworkStack stack, in NetEndpoint endpoint, SocketStatus status)
    {
        string place = endpoint.Transport != TransportKind.Unix ? $"port {endpoint.Port}" : $"{endpoint.Path}";
        string message = status switch
        {
            SocketStatus.AddressInUse when stack.FindHolder(endpoint.ToTcp()) is { } holder => $"{place} is held by {holder}; stop it or choose another.",
            SocketStatus.AddressInUse when endpoint.Transport == TransportKind.Unix =>
                $"{place} exists and is in use, is not a socket, or may not be replaced by this user; choose another path.",
            SocketStatus.AddressInUse => $"{place} is in use; stop the process that holds it, or choose another.",
            SocketStatus.AccessDenied => $"{place} may not be used by this user; choose a port above 1023, or a folder you may write to.",
            SocketStatus.AddressNotAvailable => $"{endpoint} is not an address of this machine; use 127.0.0.1 or 0.0.0.0.",
            SocketStatus.NotFound => $"the folder of {place} does not exist; create it first.",
            _ => $"cannot listen on {endpoint}: {status}.",
        };
        return new NetListenException(endpoint, status, message);
    }
}
