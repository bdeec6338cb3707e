namespace NetLoop;

/// <summary>The transport that carries bytes to a <see cref="NetEndpoint"/>.</summary>
public enum TransportKind
{
    /// <summary>None; the endpoint is the default value.</summary>
    None,

    /// <summary>TCP, to an IP address or host name and a port.</summary>
    Tcp,

    /// <summary>A Unix domain socket, at a path.</summary>
    Unix,

    /// <summary>UDP, to an IP address or host name and a port.</summary>
    Udp,
}
