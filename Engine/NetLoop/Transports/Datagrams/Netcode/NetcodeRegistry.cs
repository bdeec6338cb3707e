namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>
/// What the servers of several loops on one port share: the tokens that were shown, and the newest connection of each client. So a token opens one
/// connection, and a client has one, whichever loop its packets reach.
/// </summary>
/// <remarks>Thread: any; locked. Only the handshake and the end of a connection come here.</remarks>
internal sealed class NetcodeRegistry(int maxUsedTokens)
{
    private readonly Lock _gate = new();
    private readonly UsedTokens _tokens = new(maxUsedTokens);
    private readonly Dictionary<ulong, NetcodePeer> _newest = [];

    /// <inheritdoc cref="UsedTokens.TryShow"/>
    public bool TryShowToken(UInt128 mac, in DatagramAddress from, ulong expires, long unixSeconds)
    {
        lock (_gate)
        {
            return _tokens.TryShow(mac, from, expires, unixSeconds);
        }
    }

    /// <inheritdoc cref="UsedTokens.TryUseUp"/>
    public bool TryUseUpToken(UInt128 mac)
    {
        lock (_gate)
        {
            return _tokens.TryUseUp(mac);
        }
    }

    /// <summary>Records that a client has connected.</summary>
    /// <returns>The connection that it had before; null if there is none.</returns>
    public NetcodePeer? Connect(NetcodePeer peer)
    {
        lock (_gate)
        {
            _newest.TryGetValue(peer.ClientId, out NetcodePeer? former);
            _newest[peer.ClientId] = peer;
            return former;
        }
    }

    /// <summary>Whether a client has not connected again since.</summary>
    public bool IsNewest(NetcodePeer peer)
    {
        lock (_gate)
        {
            return _newest.TryGetValue(peer.ClientId, out NetcodePeer? newest) && newest == peer;
        }
    }

    /// <summary>Records that a connection is over.</summary>
    public void Forget(NetcodePeer peer)
    {
        lock (_gate)
        {
            if (_newest.TryGetValue(peer.ClientId, out NetcodePeer? newest) && newest == peer)
            {
                _newest.Remove(peer.ClientId);
            }
        }
    }
}
