namespace NetLoop.Benchmarks.EndToEnd.Datagrams;

/// <summary>The libraries that are compared.</summary>
internal enum DatagramPeer
{
    /// <summary>The engine over UDP, always encrypted.</summary>
    NetLoop,

    /// <summary>LiteNetLib, which encrypts nothing.</summary>
    LiteNetLib,
}
