namespace NetLoop;

/// <summary>What carries the bytes to a <see cref="NetEndpoint"/>.</summary>
public enum TransportKind
{
    /// <summary>Nothing: the endpoint is the default value.</summary>
    None,

    /// <summary>TCP, to an IP address or host name and a port.</summary>
    Tcp,

    /// <summary>A Unix domain socket, at a path.</summary>
    Unix,
}
