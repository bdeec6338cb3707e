using System.Buffers.Binary;
using NetLoop.Transports.Datagrams.Netcode;
using NetLoop.Transports.Datagrams.Reliability;

namespace NetLoop.Worlds;

/// <summary>One end of a conversation: a link over a netcode peer, and a look at everything that goes through it.</summary>
internal sealed class DatagramEnd : ILinkSink
{
    private const int HeaderBytes = 8 + 1 + 1 + 1 + 8 + 8;
    private const int MaxLongBytes = 40_000;
    private const int MaxQueuedBytes = 256 << 10;
    private const int Bytes = 2_048;
    private const int MaxPacketsPerPump = 64;

    private readonly DatagramWorld _world;
    private readonly Conversation _conversation;
    private readonly bool _isServer;
    private readonly SeededRandom _random;
    private readonly byte[] _packet = GC.AllocateArray<byte>(Bytes, pinned: true);
    private readonly byte[] _body = new byte[HeaderBytes + MaxLongBytes];
    private readonly HashSet<ulong> _accepted = [];
    private ulong _nextNumber;
    private long _overshoots;

    public DatagramEnd(DatagramWorld world, Conversation conversation, bool isServer, NetcodePeer peer, SeededRandom random)
    {
        _world = world;
        _conversation = conversation;
        _isServer = isServer;
        _random = random;
        Peer = peer;
        Link = new ReliableLink(world.Pool, world.LinkOptions);
    }

    public NetcodePeer Peer { get; }

    public Conversation Conversation => _conversation;

    public ReliableLink Link { get; }

    private string Name => $"the {(_isServer ? "server" : "client")} in conversation {_conversation.Number}";

    /// <summary>Queues messages at the drawn rate.</summary>
    public void QueueSome(double rate)
    {
        for (int count = _random.CountOf(rate); count > 0 && Link.QueuedBytes < MaxQueuedBytes; count--)
        {
            var delivery = (Delivery)_random.Next(4);
            bool mayBeLong = _world.Settings.HasLongUnreliable || delivery is Delivery.ReliableOrdered or Delivery.ReliableUnordered;
            bool isLong = _random.Chance(_world.Settings.LongMessages) && mayBeLong;
            Queue(delivery, _random.Next(Conversation.Channels), _random.Next(isLong ? MaxLongBytes : _world.Settings.MaxFillerBytes));
        }
    }

    /// <summary>Sends what may be sent now.</summary>
    /// <param name="now">Now.</param>
    /// <param name="send">Sends a packet.</param>
    public void Flush(long now, DatagramSend send)
    {
        for (int count = 0; count < MaxPacketsPerPump; count++)
        {
            long before = Link.InFlight;
            bool wasFull = before >= Link.Window;
            int length = Link.WritePacket(_packet.AsSpan(NetcodePacket.MaxHeaderBytes), now);
            _overshoots += wasFull && Link.InFlight > before ? 1 : 0;
            _world.Require(Link.InFlight >= 0, "I39", $"{Name} has {Link.InFlight} bytes under way");
            _world.Require(
                _overshoots <= 2 * Link.Statistics.Timeouts,
                "I39",
                $"{Name} sent {_overshoots} packets beyond its window after {Link.Statistics.Timeouts} timeouts");
            if (length == 0)
            {
                break;
            }

            int sealedBytes = Peer.SealPayload(_packet, length, now, out int start);
            ReadOnlySpan<byte> packet = _packet.AsSpan(start, sealedBytes);
            NetcodePacket.TryReadHeader(packet, out _, out ulong number, out _);
            _world.Require(number >= _nextNumber, "I10", $"{Name} seals packet {number} after {_nextNumber - 1}");
            _nextNumber = number + 1;
            send(Peer.Address, packet);
        }

        int most = _world.LinkOptions.MaxHeldBytes + (4 * Conversation.Channels * 2 * _world.LinkOptions.MaxBodyBytes);
        _world.Require(Link.HeldBytes >= 0 && Link.HeldBytes <= most, "I4", $"{Name} holds {Link.HeldBytes} bytes of input");
    }

    /// <summary>An authentic payload arrived.</summary>
    public void OnPayload(ulong number, ReadOnlySpan<byte> payload, long now)
    {
        _world.Require(_accepted.Add(number), "I38", $"{Name} accepts packet {number} twice");
        PacketResult result = Link.OnPacket(payload, now, this);
        _world.Require(result == PacketResult.Ok, "I16", $"{Name} takes an authentic packet for {result}");
    }

    /// <summary>Offers again what there was no room for.</summary>
    public void Resume() => Link.Resume(this);

    public void Close() => Link.Clear();

    bool ILinkSink.OnBody(ReadOnlySpan<byte> body, int channel, Delivery delivery)
    {
        if (_world.IsRestless && _random.Chance(_world.Settings.Refusals))
        {
            return false;
        }

        if (body.Length < HeaderBytes)
        {
            _world.Fail("I16", $"{Name} gets a body of {body.Length} bytes");
            return true;
        }

        long conversation = BinaryPrimitives.ReadInt64LittleEndian(body);
        long number = BinaryPrimitives.ReadInt64LittleEndian(body[11..]);
        bool isRight = conversation == _conversation.Number && body[8] == (_isServer ? 1 : 0) && body[9] == (byte)delivery && body[10] == channel
            && BinaryPrimitives.ReadUInt64LittleEndian(body[19..]) == Hash(body[..19], body[HeaderBytes..]);
        if (!isRight)
        {
            _world.Fail("I16", $"{Name} gets {body.Length} bytes of conversation {conversation}, number {number}, that nobody sent like this");
            return true;
        }

        string? broken = _conversation.LaneOf(_isServer, delivery, channel).Arrive(number);
        _world.Require(broken is null, InvariantOf(delivery), $"{Name}: {delivery} body {number} on channel {channel} {broken}");
        _world.CountMessage(_isServer, number);
        return true;
    }

    public override string ToString() =>
        $"{Link.QueuedBytes} bytes queued, {Link.InFlight} under way of {Link.Window}, {Link.HeldBytes} held, {Link.Statistics.Timeouts} timeouts, "
            + $"{Link.Statistics.PacketsLost} of {Link.Statistics.PacketsSent} lost, {Link.Statistics.PacketsReceived} received";

    private static string InvariantOf(Delivery delivery) => delivery switch
    {
        Delivery.ReliableOrdered => "I14",
        Delivery.ReliableUnordered => "I29",
        Delivery.Unreliable => "I30",
        _ => "I17",
    };

    private static ulong Hash(ReadOnlySpan<byte> header, ReadOnlySpan<byte> filler)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte value in header)
        {
            hash = (hash ^ value) * 0x100000001B3;
        }

        foreach (byte value in filler)
        {
            hash = (hash ^ value) * 0x100000001B3;
        }

        return hash;
    }

    private void Queue(Delivery delivery, int channel, int filler)
    {
        LaneRecord lane = _conversation.LaneOf(!_isServer, delivery, channel);
        Span<byte> body = _body.AsSpan(0, HeaderBytes + filler);
        BinaryPrimitives.WriteInt64LittleEndian(body, _conversation.Number);
        body[8] = (byte)(_isServer ? 0 : 1);
        body[9] = (byte)delivery;
        body[10] = (byte)channel;
        BinaryPrimitives.WriteInt64LittleEndian(body[11..], lane.Sent);
        body[HeaderBytes..].Fill((byte)(lane.Sent * 7));
        if (filler > 0)
        {
            body[^1] ^= 0x55;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(body[19..], Hash(body[..19], body[HeaderBytes..]));
        if (Link.TryQueue(delivery, channel, body))
        {
            lane.Sent++;
        }
    }
}
