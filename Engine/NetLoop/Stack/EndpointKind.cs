namespace NetLoop;

/// <summary>What a <see cref="NetEndpoint"/> names.</summary>
public enum EndpointKind
{
    /// <summary>Nothing: the default value.</summary>
    None,

    /// <summary>An IPv4 or IPv6 address and a TCP port.</summary>
    Tcp,

    /// <summary>The path of a Unix domain socket.</summary>
    Unix,

    /// <summary>A TCP endpoint at which WebSocket is spoken, and the target of the request that opens it.</summary>
    WebSocket,
}
