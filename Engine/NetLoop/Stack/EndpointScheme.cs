namespace NetLoop;

/// <summary>The protocol spoken over the transport of a <see cref="NetEndpoint"/>.</summary>
public enum EndpointScheme
{
    /// <summary>Frames of the listener's framer.</summary>
    Plain,

    /// <summary>WebSocket. Each message carries one body.</summary>
    WebSocket,

    /// <summary>Frames of the listener's framer, encrypted by TLS.</summary>
    Tls,

    /// <summary>WebSocket, encrypted by TLS.</summary>
    SecureWebSocket,
}
