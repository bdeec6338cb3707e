using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The server's side of netcode 1.02, without a socket: packets and times go in, packets and events come out.</summary>
/// <remarks>
/// Thread: loop. A packet that is not valid gets no reply and changes nothing. A reply is never longer than the packet that it answers, and there is at most
/// one, so nobody can use the server to flood somebody else. Source: netcode 1.02, STANDARD.md.
/// </remarks>
internal sealed class NetcodeServer
{
    /// <summary>Packet numbers of challenges and denials begin here, far from those of connections, which use the same keys.</summary>
    private const ulong FirstControlSequence = 1UL << 63;

    /// <summary>How long a client may take from its request to its response.</summary>
    private const int PendingSeconds = 5;

    private const long PendingTime = PendingSeconds * 1_000_000_000L;

    /// <summary>Difference allowed between the clocks of this server and of another program that makes tokens.</summary>
    private const int ClockToleranceSeconds = 60;

    private readonly NetcodeServerOptions _options;
    private readonly INetcodeServerHost _host;
    private readonly Dictionary<DatagramAddress, NetcodePeer> _peers = [];
    private readonly Dictionary<DatagramAddress, Pending> _pending = [];
    private readonly Queue<(DatagramAddress Address, long Since)> _pendingOrder = new();
    private readonly NetcodeRegistry _registry;
    private readonly byte[] _challengeKey = new byte[Sodium.KeyBytes];
    private readonly byte[] _buffer = new byte[NetcodePacket.MaxControlBytes];
    private readonly byte[] _secret = new byte[ConnectTokenFormat.PrivateBytes];
    private readonly IEntropySource _entropy;
    private readonly long _toleranceSeconds;
    private ulong _challengeSequence;
    private ulong _controlSequence;

    /// <param name="options">The settings.</param>
    /// <param name="host">Sends packets and gets events.</param>
    /// <param name="entropy">For the key of challenges, and for packet numbers.</param>
    /// <param name="registry">What it shares with the servers of other loops on the same port.</param>
    public NetcodeServer(NetcodeServerOptions options, INetcodeServerHost host, IEntropySource entropy, NetcodeRegistry registry)
    {
        _options = options;
        _host = host;
        _registry = registry;
        _entropy = entropy;
        _toleranceSeconds = options.AreKeysShared ? ClockToleranceSeconds : 0;
        entropy.Fill(_challengeKey);

        // A server that restarts with the same keys may see the token of a client again. With a random beginning, its nonces for that client do not repeat.
        Span<byte> beginning = stackalloc byte[8];
        entropy.Fill(beginning);
        _controlSequence = FirstControlSequence | (BinaryPrimitives.ReadUInt64LittleEndian(beginning) >> 1 & ~0xFFFF_FFFFUL);
    }

    /// <summary>The connected clients.</summary>
    public Dictionary<DatagramAddress, NetcodePeer>.ValueCollection Peers => _peers.Values;

    /// <summary>Why the last packet was dropped; none if it was not, or if it needed no reply.</summary>
    public PacketRejection Rejection { get; private set; }

    /// <summary>Whether requests are denied, because the server stops.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Handles a packet.</summary>
    /// <param name="from">The address that it claims to come from.</param>
    /// <param name="packet">The packet, which is decrypted in place.</param>
    /// <param name="now">Now, in nanoseconds.</param>
    /// <param name="unixSeconds">Now, for tokens.</param>
    /// <param name="peer">The connected client.</param>
    /// <param name="payload">The decrypted payload.</param>
    /// <returns>Whether it is a payload of a connected client.</returns>
    public bool TryReceive(
        in DatagramAddress from, Span<byte> packet, long now, long unixSeconds, [NotNullWhen(true)] out NetcodePeer? peer, out Span<byte> payload)
    {
        peer = null;
        payload = default;
        Rejection = PacketRejection.None;
        ForgetOldPending(now);
        if (packet.Length == NetcodePacket.RequestBytes && packet[0] == (byte)NetcodePacketType.Request)
        {
            OnRequest(from, packet, now, unixSeconds);
            return false;
        }

        if (!NetcodePacket.TryReadHeader(packet, out NetcodePacketType type, out ulong sequence, out int headerBytes))
        {
            Rejection = PacketRejection.Malformed;
            return false;
        }

        if (type == NetcodePacketType.Response && _pending.TryGetValue(from, out Pending? pending))
        {
            if (pending.Peer.TryOpen(packet, type, sequence, headerBytes, now, out Span<byte> response))
            {
                OnResponse(from, pending, response, now);
            }
            else
            {
                Rejection = pending.Peer.Rejection;
            }

            return false;
        }

        if (!_peers.TryGetValue(from, out NetcodePeer? known))
        {
            Rejection = PacketRejection.UnknownSender;
            return false;
        }

        if (type is NetcodePacketType.Challenge or NetcodePacketType.Denied)
        {
            Rejection = PacketRejection.Malformed;
            return false;
        }

        if (!known.TryOpen(packet, type, sequence, headerBytes, now, out Span<byte> content))
        {
            Rejection = known.Rejection;
            return false;
        }

        switch (type)
        {
            case NetcodePacketType.Payload:
                peer = known;
                payload = content;
                return true;

            case NetcodePacketType.Response:
                SendKeepAlive(known, now); // The keep-alive that completed the connection was lost.
                return false;

            case NetcodePacketType.Disconnect:
                Forget(known);
                _host.OnDisconnected(known, isReplaced: false);
                return false;

            default:
                return false;
        }
    }

    /// <summary>Sends a keep-alive.</summary>
    public void SendKeepAlive(NetcodePeer peer, long now) =>
        _host.Send(peer.Address, peer.WriteKeepAlive(_buffer, (uint)peer.ClientId, _options.MaxClients, now));

    /// <summary>Forgets a client, and tells it so several times, because each of these packets may be lost.</summary>
    public void Disconnect(NetcodePeer peer, int packets, long now)
    {
        if (!Forget(peer))
        {
            return;
        }

        for (int i = 0; i < packets; i++)
        {
            _host.Send(peer.Address, peer.WriteDisconnect(_buffer, now));
        }
    }

    /// <summary>Ends the connection of a client that has connected again.</summary>
    public void EndIfReplaced(NetcodePeer peer)
    {
        if (!_registry.IsNewest(peer) && Forget(peer))
        {
            _host.OnDisconnected(peer, isReplaced: true);
        }
    }

    private bool Forget(NetcodePeer peer)
    {
        if (!_peers.TryGetValue(peer.Address, out NetcodePeer? known) || known != peer)
        {
            return false;
        }

        _peers.Remove(peer.Address);
        _registry.Forget(peer);
        return true;
    }

    private void OnRequest(in DatagramAddress from, ReadOnlySpan<byte> packet, long now, long unixSeconds)
    {
        Rejection = PacketRejection.InvalidToken; // Unless all checks succeed.
        var reader = new TokenReader(packet[1..]);
        if (!reader.Take(NetcodePacket.VersionBytes).SequenceEqual(NetcodePacket.Version) || reader.ReadUInt64() != _options.ProtocolId)
        {
            return;
        }

        ulong expires = reader.ReadUInt64();
        if (expires <= (ulong)(unixSeconds - _toleranceSeconds) || expires > (ulong)(unixSeconds + _toleranceSeconds + _options.MaxTokenSeconds))
        {
            return;
        }

        ReadOnlySpan<byte> nonce = reader.Take(Sodium.LongNonceBytes);
        ReadOnlySpan<byte> secret = reader.Take(ConnectTokenFormat.PrivateBytes);
        UInt128 mac = BinaryPrimitives.ReadUInt128LittleEndian(secret[^Sodium.MacBytes..]);
        if (!TryOpenSecret(secret, expires, nonce)
            || !ConnectTokenFormat.TryReadPrivate(_secret, out PrivateToken token)
            || (_options.PublicAddresses.Length > 0 && !ConnectTokenFormat.Contains(token.Servers, _options.PublicAddresses)))
        {
            return;
        }

        if (_pending.TryGetValue(from, out Pending? pending) && pending.Mac == mac)
        {
            Rejection = PacketRejection.None;
            SendChallenge(pending, token.ClientId, token.UserData); // The client repeats its request until it gets the challenge.
            return;
        }

        // Remembered for as long as it opens a connection, and while its client may still respond.
        if (!_registry.TryShowToken(mac, from, expires + (ulong)(_toleranceSeconds + PendingSeconds), unixSeconds))
        {
            return;
        }

        Rejection = PacketRejection.None;

        // A server with keys of its own sees a token once. With shared keys, this token may have opened a connection before a restart, or on another server.
        ulong first = _options.AreKeysShared ? NetcodePacket.RandomSequence(_entropy) : 0;
        var peer = new NetcodePeer(from, _options.ProtocolId, token.ServerToClientKey, token.ClientToServerKey, token.TimeoutSeconds, first, now)
        {
            ClientId = token.ClientId,
            UserData = token.UserData.ToArray(),
            Host = _host,
        };
        if (IsStopping || _pending.Count >= _options.MaxPending || !_host.MayConnect(from))
        {
            int denied = peer.SealAs(_controlSequence++, _buffer, 0, NetcodePacketType.Denied, out int start);
            _host.Send(from, _buffer.AsSpan(start, denied));
            return;
        }

        pending = new Pending(peer, mac, now);
        _pending[from] = pending;
        _pendingOrder.Enqueue((from, now));
        SendChallenge(pending, token.ClientId, token.UserData);
    }

    /// <summary>Decrypts the private part of a token with any of the keys.</summary>
    private bool TryOpenSecret(ReadOnlySpan<byte> secret, ulong expires, ReadOnlySpan<byte> nonce)
    {
        foreach (byte[] key in _options.Keys)
        {
            secret.CopyTo(_secret);
            if (ConnectTokenFormat.TryOpenPrivate(_secret, _options.ProtocolId, expires, nonce, key))
            {
                return true;
            }
        }

        return false;
    }

    private void SendChallenge(Pending pending, ulong clientId, ReadOnlySpan<byte> userData)
    {
        Span<byte> content = _buffer.AsSpan(NetcodePacket.MaxHeaderBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(content, _challengeSequence);
        ChallengeToken.Write(content.Slice(8, ChallengeToken.Bytes), clientId, userData, _challengeSequence++, _challengeKey);
        int length = pending.Peer.SealAs(_controlSequence++, _buffer, 8 + ChallengeToken.Bytes, NetcodePacketType.Challenge, out int start);
        _host.Send(pending.Peer.Address, _buffer.AsSpan(start, length));
    }

    private void OnResponse(in DatagramAddress from, Pending pending, Span<byte> response, long now)
    {
        ulong sequence = BinaryPrimitives.ReadUInt64LittleEndian(response);
        if (!ChallengeToken.TryRead(response[8..], sequence, _challengeKey, out ulong clientId, out _) || clientId != pending.Peer.ClientId)
        {
            Rejection = PacketRejection.NotAuthentic;
            return;
        }

        _pending.Remove(from);
        if (!_registry.TryUseUpToken(pending.Mac))
        {
            Rejection = PacketRejection.InvalidToken;
            return;
        }

        pending.Peer.RecordProgress(now);

        // A client that was started again uses the same address, and one whose address has changed the same number: its former connection is over.
        if (_peers.TryGetValue(from, out NetcodePeer? former))
        {
            Forget(former);
            _host.OnDisconnected(former, isReplaced: true);
        }

        former = _registry.Connect(pending.Peer);
        if (former?.Host == _host)
        {
            EndIfReplaced(former);
        }
        else
        {
            former?.Host!.PostReplaced(former);
        }

        _peers.Add(from, pending.Peer);
        SendKeepAlive(pending.Peer, now);
        _host.OnConnected(pending.Peer);
    }

    private void ForgetOldPending(long now)
    {
        while (_pendingOrder.TryPeek(out (DatagramAddress Address, long Since) oldest) && now - oldest.Since >= PendingTime)
        {
            _pendingOrder.Dequeue();
            if (_pending.TryGetValue(oldest.Address, out Pending? pending) && pending.Since == oldest.Since)
            {
                _pending.Remove(oldest.Address);
            }
        }
    }

    /// <summary>A client that has shown a token and not yet proved that it receives at its address.</summary>
    private sealed record Pending(NetcodePeer Peer, UInt128 Mac, long Since);
}
