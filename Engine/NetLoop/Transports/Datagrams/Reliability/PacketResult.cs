namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>What a link made of a packet.</summary>
internal enum PacketResult
{
    /// <summary>It was handled.</summary>
    Ok,

    /// <summary>It violates the protocol: the connection ends.</summary>
    Malformed,

    /// <summary>It has a body above the limit: the connection ends.</summary>
    TooLarge,
}
