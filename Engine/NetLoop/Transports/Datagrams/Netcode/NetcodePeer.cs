using System.Buffers.Binary;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>One side's state of a connection: keys, packet numbers, and the times that decide about keep-alives and timeouts.</summary>
/// <remarks>Thread: loop. Times are nanoseconds of the clock that the caller passes.</remarks>
internal sealed class NetcodePeer
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int KeepAliveBytes = 8;

    private readonly CipherKey _sendKey;
    private readonly CipherKey _receiveKey;
    private readonly ulong _protocolId;
    private ReplayWindow _replays;
    private ulong _nextSequence;

    public NetcodePeer(
        in DatagramAddress address,
        ulong protocolId,
        ReadOnlySpan<byte> sendKey,
        ReadOnlySpan<byte> receiveKey,
        int timeoutSeconds,
        ulong firstSequence,
        long now)
    {
        Address = address;
        _protocolId = protocolId;
        _sendKey = new CipherKey(sendKey);
        _receiveKey = new CipherKey(receiveKey);
        Timeout = timeoutSeconds <= 0 ? long.MaxValue / 4 : timeoutSeconds * NanosecondsPerSecond;
        _nextSequence = firstSequence;
        LastReceived = now;
        LastSent = now;
    }

    /// <summary>The address of the other side.</summary>
    public DatagramAddress Address { get; }

    /// <summary>The client's number from its token.</summary>
    public ulong ClientId { get; init; }

    /// <summary>The user data in the client's token; empty on the client's side.</summary>
    public byte[] UserData { get; init; } = [];

    /// <summary>The surroundings of the server that it is connected to; null on the client's side.</summary>
    public INetcodeServerHost? Host { get; init; }

    /// <summary>The object that the layer above keeps for this peer.</summary>
    public object? Owner { get; set; }

    /// <summary>Silence after which the connection is over, in nanoseconds. A token with 0 or less seconds sets none.</summary>
    public long Timeout { get; }

    /// <summary>Why the last packet was not opened; meaningless after one that was.</summary>
    public PacketRejection Rejection { get; private set; }

    /// <summary>When a packet last arrived that cannot be a copy.</summary>
    public long LastReceived { get; private set; }

    /// <summary>When a packet was last sealed.</summary>
    public long LastSent { get; private set; }

    /// <summary>When a keep-alive is due, unless something else is sent before.</summary>
    public long KeepAliveDue => LastSent + KeepAliveInterval;

    /// <summary>When the connection is over, unless something arrives before.</summary>
    public long TimeoutDue => LastReceived + Timeout;

    /// <summary>
    /// Time after which a side that has nothing to send sends a keep-alive. It keeps the mapping of a NAT, and tells the other side in time that a path is
    /// dead.
    /// </summary>
    public static long KeepAliveInterval => NanosecondsPerSecond / 4;

    /// <summary>Encrypts a payload in place.</summary>
    /// <param name="buffer">
    /// The payload at <see cref="NetcodePacket.MaxHeaderBytes"/>, with <see cref="NetcodePacket.MacBytes"/> of room after it.
    /// </param>
    /// <param name="payloadBytes">Length of the payload.</param>
    /// <param name="now">Now.</param>
    /// <param name="start">The index at which the packet begins.</param>
    /// <returns>Length of the packet.</returns>
    public int SealPayload(Span<byte> buffer, int payloadBytes, long now, out int start) =>
        Seal(buffer, payloadBytes, NetcodePacketType.Payload, now, out start);

    /// <summary>Writes an encrypted keep-alive.</summary>
    /// <param name="buffer">At least <see cref="NetcodePacket.MaxControlBytes"/>.</param>
    /// <param name="index">The client's index on the server.</param>
    /// <param name="maxClients">Number of clients that the server accepts.</param>
    /// <param name="now">Now.</param>
    /// <returns>The packet.</returns>
    public ReadOnlySpan<byte> WriteKeepAlive(Span<byte> buffer, uint index, uint maxClients, long now)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[NetcodePacket.MaxHeaderBytes..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[(NetcodePacket.MaxHeaderBytes + 4)..], maxClients);
        int length = Seal(buffer, KeepAliveBytes, NetcodePacketType.KeepAlive, now, out int start);
        return buffer.Slice(start, length);
    }

    /// <summary>Writes an encrypted disconnect.</summary>
    /// <inheritdoc cref="WriteKeepAlive"/>
    public ReadOnlySpan<byte> WriteDisconnect(Span<byte> buffer, long now)
    {
        int length = Seal(buffer, 0, NetcodePacketType.Disconnect, now, out int start);
        return buffer.Slice(start, length);
    }

    /// <summary>Encrypts a packet in place.</summary>
    public int Seal(Span<byte> buffer, int contentBytes, NetcodePacketType type, long now, out int start)
    {
        LastSent = now;
        return NetcodePacket.Seal(buffer, contentBytes, type, _nextSequence++, _protocolId, _sendKey, out start);
    }

    /// <summary>Encrypts a packet in place under another number, for packets before the connection.</summary>
    public int SealAs(ulong sequence, Span<byte> buffer, int contentBytes, NetcodePacketType type, out int start) =>
        NetcodePacket.Seal(buffer, contentBytes, type, sequence, _protocolId, _sendKey, out start);

    /// <summary>Decrypts a packet in place.</summary>
    /// <param name="packet">The packet, whose header has been read.</param>
    /// <param name="type">Its type.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="headerBytes">Length of its header.</param>
    /// <param name="now">Now.</param>
    /// <param name="content">The content.</param>
    /// <returns>False for a packet to drop: forged, or a replay.</returns>
    public bool TryOpen(Span<byte> packet, NetcodePacketType type, ulong sequence, int headerBytes, long now, out Span<byte> content)
    {
        if (!NetcodePacket.TryOpen(packet, type, sequence, headerBytes, _protocolId, _receiveKey, ref _replays, out content))
        {
            Rejection = type >= NetcodePacketType.KeepAlive && _replays.IsReplay(sequence) ? PacketRejection.Replayed : PacketRejection.NotAuthentic;
            return false;
        }

        // Copies of the handshake's packets are not detected: they must not keep a connection alive whose other side is gone.
        if (type >= NetcodePacketType.KeepAlive)
        {
            LastReceived = now;
        }

        return true;
    }

    /// <summary>Records that the handshake got further.</summary>
    public void RecordProgress(long now) => LastReceived = now;
}
