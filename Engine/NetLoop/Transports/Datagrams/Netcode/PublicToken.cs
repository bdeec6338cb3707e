namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The content of a public connect token.</summary>
internal readonly ref struct PublicToken(
    ulong protocolId,
    ulong createTimestamp,
    ulong expireTimestamp,
    ReadOnlySpan<byte> nonce,
    int timeoutSeconds,
    ReadOnlySpan<DatagramAddress> servers,
    ReadOnlySpan<byte> clientToServerKey,
    ReadOnlySpan<byte> serverToClientKey)
{
    public readonly ulong ProtocolId = protocolId;
    public readonly ulong CreateTimestamp = createTimestamp;
    public readonly ulong ExpireTimestamp = expireTimestamp;
    public readonly ReadOnlySpan<byte> Nonce = nonce;

    /// <summary>Seconds of silence after which either side ends the connection; 0 or less for never.</summary>
    public readonly int TimeoutSeconds = timeoutSeconds;
    public readonly ReadOnlySpan<DatagramAddress> Servers = servers;
    public readonly ReadOnlySpan<byte> ClientToServerKey = clientToServerKey;
    public readonly ReadOnlySpan<byte> ServerToClientKey = serverToClientKey;

    /// <summary>The encrypted private part, in a token that was read.</summary>
    public ReadOnlySpan<byte> Secret { get; init; }
}
