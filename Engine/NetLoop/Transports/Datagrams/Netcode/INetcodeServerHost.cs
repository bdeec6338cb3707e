namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The surroundings of a <see cref="NetcodeServer"/>.</summary>
/// <remarks>Thread: loop, unless a member says otherwise.</remarks>
internal interface INetcodeServerHost
{
    /// <summary>Whether one more client from this address may connect now; asked once for each authentic request.</summary>
    bool MayConnect(in DatagramAddress from);

    /// <summary>Sends a packet.</summary>
    void Send(in DatagramAddress to, ReadOnlySpan<byte> packet);

    /// <summary>A client has connected.</summary>
    void OnConnected(NetcodePeer peer);

    /// <summary>A client has said that it disconnects, or has connected again with another token. The server has forgotten the peer.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="isReplaced">Whether a new connection took its place.</param>
    void OnDisconnected(NetcodePeer peer, bool isReplaced);

    /// <summary>A client has connected again, on another loop: <see cref="NetcodeServer.EndIfReplaced"/> is to be called on this one. Thread: any.</summary>
    void PostReplaced(NetcodePeer peer);
}
