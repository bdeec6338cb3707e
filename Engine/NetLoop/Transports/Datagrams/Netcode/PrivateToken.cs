namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The decrypted private part of a connect token.</summary>
internal readonly ref struct PrivateToken(
    ulong clientId,
    int timeoutSeconds,
    ReadOnlySpan<byte> servers,
    ReadOnlySpan<byte> clientToServerKey,
    ReadOnlySpan<byte> serverToClientKey,
    ReadOnlySpan<byte> userData)
{
    public readonly ulong ClientId = clientId;
    public readonly int TimeoutSeconds = timeoutSeconds;

    /// <summary>The list of servers as it is on the wire.</summary>
    public readonly ReadOnlySpan<byte> Servers = servers;
    public readonly ReadOnlySpan<byte> ClientToServerKey = clientToServerKey;
    public readonly ReadOnlySpan<byte> ServerToClientKey = serverToClientKey;
    public readonly ReadOnlySpan<byte> UserData = userData;
}
