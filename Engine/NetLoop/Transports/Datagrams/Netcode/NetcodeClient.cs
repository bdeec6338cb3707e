namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The client's side of netcode 1.02 with one server, without a socket.</summary>
/// <remarks>Thread: loop. Packets that are not authentic change nothing. Source: netcode 1.02, STANDARD.md.</remarks>
internal sealed class NetcodeClient
{
    /// <summary>Nanoseconds after which a request or response is repeated.</summary>
    public const long RepeatInterval = 100_000_000;

    private readonly byte[] _request = new byte[NetcodePacket.RequestBytes];
    private readonly byte[] _buffer = new byte[NetcodePacket.MaxControlBytes];
    private readonly byte[] _challenge = new byte[8 + ChallengeToken.Bytes];
    private long _nextSend;

    /// <param name="token">A public token.</param>
    /// <param name="server">One of its servers.</param>
    /// <param name="firstSequence">The first packet number. Clients that use the same token one after the other must not use a number twice.</param>
    /// <param name="now">Now.</param>
    public NetcodeClient(in PublicToken token, in DatagramAddress server, ulong firstSequence, long now)
    {
        Peer = new NetcodePeer(server, token.ProtocolId, token.ClientToServerKey, token.ServerToClientKey, token.TimeoutSeconds, firstSequence, now);
        var writer = new TokenWriter(_request);
        writer.Write((byte)NetcodePacketType.Request);
        writer.Write(NetcodePacket.Version);
        writer.Write(token.ProtocolId);
        writer.Write(token.ExpireTimestamp);
        writer.Write(token.Nonce);
        writer.Write(token.Secret);
        _nextSend = now;
    }

    public NetcodePeer Peer { get; }

    public NetcodeClientState State { get; private set; }

    /// <summary>Why the last packet was dropped; none if it was not.</summary>
    public PacketRejection Rejection { get; private set; }

    /// <summary>When to call <see cref="WriteDue"/> next; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDue => State is NetcodeClientState.Requesting or NetcodeClientState.Responding ? _nextSend : long.MaxValue;

    /// <summary>The packet that is due now; empty for none. Valid until the next call.</summary>
    public ReadOnlySpan<byte> WriteDue(long now)
    {
        if (now < NextDue)
        {
            return default;
        }

        _nextSend = now + RepeatInterval;
        if (State == NetcodeClientState.Requesting)
        {
            return _request;
        }

        _challenge.CopyTo(_buffer.AsSpan(NetcodePacket.MaxHeaderBytes));
        int length = Peer.Seal(_buffer, _challenge.Length, NetcodePacketType.Response, now, out int start);
        return _buffer.AsSpan(start, length);
    }

    /// <summary>A keep-alive to send.</summary>
    public ReadOnlySpan<byte> WriteKeepAlive(long now) => Peer.WriteKeepAlive(_buffer, 0, 0, now);

    /// <summary>A disconnect to send.</summary>
    public ReadOnlySpan<byte> WriteDisconnect(long now) => Peer.WriteDisconnect(_buffer, now);

    /// <summary>Handles a packet of the server.</summary>
    /// <param name="packet">The packet, which is decrypted in place.</param>
    /// <param name="now">Now.</param>
    /// <param name="payload">The decrypted payload.</param>
    /// <returns>Whether it is a payload.</returns>
    public bool TryReceive(Span<byte> packet, long now, out Span<byte> payload)
    {
        payload = default;
        Rejection = PacketRejection.None;
        if (!NetcodePacket.TryReadHeader(packet, out NetcodePacketType type, out ulong sequence, out int headerBytes) || type == NetcodePacketType.Response)
        {
            Rejection = PacketRejection.Malformed;
            return false;
        }

        if (!Peer.TryOpen(packet, type, sequence, headerBytes, now, out Span<byte> content))
        {
            Rejection = Peer.Rejection;
            return false;
        }

        switch (type)
        {
            case NetcodePacketType.Denied when State is NetcodeClientState.Requesting or NetcodeClientState.Responding:
                State = NetcodeClientState.Denied;
                return false;

            case NetcodePacketType.Challenge when State == NetcodeClientState.Requesting:
                content.CopyTo(_challenge);
                State = NetcodeClientState.Responding;
                Peer.RecordProgress(now);
                _nextSend = now;
                return false;

            case NetcodePacketType.KeepAlive or NetcodePacketType.Payload when State == NetcodeClientState.Responding:
                // A payload may overtake the keep-alive that completes the connection.
                State = NetcodeClientState.Connected;
                payload = content;
                return type == NetcodePacketType.Payload;

            case NetcodePacketType.Payload when State == NetcodeClientState.Connected:
                payload = content;
                return true;

            case NetcodePacketType.Disconnect when State is NetcodeClientState.Responding or NetcodeClientState.Connected:
                State = NetcodeClientState.Disconnected;
                return false;

            default:
                return false;
        }
    }
}
