namespace NetLoop;

/// <summary>What is spoken over the transport of a <see cref="NetEndpoint"/>.</summary>
public enum EndpointScheme
{
    /// <summary>Frames, as the listener's framer cuts them.</summary>
    Plain,

    /// <summary>WebSocket: one message is one body.</summary>
    WebSocket,
}
