using System.Buffers.Binary;
using NetLoop.Transports.Datagrams.Reliability;

namespace NetLoop.Worlds;

/// <summary>One end of a world of links: queues messages, checks those that arrive, and writes packets whenever its link wants to.</summary>
internal sealed class LinkEnd : ILinkSink, ISimulatedEvent
{
    private const int Channels = 2;
    private const int Deliveries = 4;
    private const int HeaderBytes = 1 + 8;
    private const int MaxLongBytes = 10_000;
    private const int MaxQueuedBytes = 128 << 10;
    private const int PatternBytes = 1 << 15;
    private const int Timer = 0;
    private const long PauseOfRefusal = 2_000_000;

    private static readonly byte[] Pattern = DrawPattern();

    private readonly LinkWorld _world;
    private readonly int _side;
    private readonly SeededRandom _random;
    private readonly LaneRecord[] _sent = [.. Enumerable.Range(0, Channels * Deliveries).Select(static i => new LaneRecord((Delivery)(i % Deliveries)))];
    private readonly byte[] _body = new byte[HeaderBytes + MaxLongBytes];
    private readonly byte[] _packet = new byte[2_048];
    private long _left;
    private long _timerAt = long.MaxValue;
    private long _resumeAt = long.MaxValue;

    public LinkEnd(LinkWorld world, int side, SeededRandom random, long messages)
    {
        _world = world;
        _side = side;
        _random = random;
        _left = messages;
        Link = new ReliableLink(world.Pool, world.Settings.Options);
    }

    public ReliableLink Link { get; }

    /// <summary>The other end.</summary>
    public LinkEnd? Other { get; set; }

    /// <summary>Whether everything that must arrive at the other end has.</summary>
    public bool IsComplete => _left == 0 && Array.TrueForAll(_sent, static lane => lane.IsComplete);

    /// <summary>Number of reliable messages that are queued, or still to queue, and have not arrived.</summary>
    public long Missing => _left + _sent.Where(static lane => lane.IsReliable).Sum(static lane => lane.Sent - lane.Arrived);

    private string Name => $"side {_side}";

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (argument == _timerAt)
        {
            _timerAt = long.MaxValue;
            Flush();
        }
    }

    public void OnPacket(ReadOnlySpan<byte> packet)
    {
        PacketResult result = Link.OnPacket(packet, _world.Now, this);
        _world.Require(result == PacketResult.Ok, "I16", $"{Name} takes a packet for {result}");
        Flush();
    }

    /// <summary>Queues and sends what there is room for.</summary>
    public void Flush()
    {
        long now = _world.Now;
        if (now >= _resumeAt)
        {
            _resumeAt = long.MaxValue;
            Link.Resume(this);
        }

        Queue();
        int length;
        while ((length = Link.WritePacket(_packet, now)) > 0)
        {
            _world.Carry(1 - _side, _packet.AsSpan(0, length));
            Queue();
        }

        _world.Require(Link.InFlight >= 0, "I39", $"{Name} has {Link.InFlight} bytes under way");
        long most = _world.Settings.Options.MaxHeldBytes + (2L * Channels * Deliveries * _world.Settings.Options.MaxBodyBytes);
        _world.Require(Link.HeldBytes >= 0 && Link.HeldBytes <= most, "I4", $"{Name} holds {Link.HeldBytes} bytes of input");
        Schedule(Math.Min(Math.Max(Link.NextDue(now), now + 1), _resumeAt));
    }

    bool ILinkSink.OnBody(ReadOnlySpan<byte> body, int channel, Delivery delivery)
    {
        if (_random.Chance(_world.Settings.Refusals))
        {
            _resumeAt = Math.Min(_resumeAt, _world.Now + PauseOfRefusal);
            Schedule(_resumeAt);
            return false;
        }

        int lane = (channel * Deliveries) + (int)delivery;
        long number = body.Length < HeaderBytes ? -1 : BinaryPrimitives.ReadInt64LittleEndian(body[1..]);
        if (number < 0 || lane >= _sent.Length || body[0] != lane || !body[HeaderBytes..].SequenceEqual(Filler(number, body.Length - HeaderBytes)))
        {
            _world.Fail("I16", $"{Name} gets {body.Length} bytes on lane {lane}, number {number}, that nobody sent like this");
            return true;
        }

        LaneRecord record = Other!._sent[lane];
        string? broken = record.Arrive(number);
        _world.Require(broken is null, InvariantOf(delivery), $"{Name}: {delivery} body {number} on channel {channel} {broken}");
        _world.CountMessage(_side, lane, number, record.IsReliable);
        return true;
    }

    public override string ToString() =>
        $"{_left} to queue, {Link.QueuedBytes} bytes queued, {Link.InFlight} under way of {Link.Window}, {Link.HeldBytes} held, {Link.Statistics.Timeouts} "
            + $"timeouts, lanes {string.Join(' ', _sent.Select(static lane => $"{lane.Arrived}/{lane.Sent}"))}";

    private static string InvariantOf(Delivery delivery) => delivery switch
    {
        Delivery.ReliableOrdered => "I14",
        Delivery.ReliableUnordered => "I29",
        Delivery.Unreliable => "I30",
        _ => "I17",
    };

    private static byte[] DrawPattern()
    {
        byte[] pattern = new byte[PatternBytes + MaxLongBytes];
        new SeededEntropy(new SeededRandom(1)).Fill(pattern);
        return pattern;
    }

    /// <summary>Differs between neighboring numbers and does not repeat within a body, so that a piece in the wrong place shows.</summary>
    private static ReadOnlySpan<byte> Filler(long number, int length) => Pattern.AsSpan((int)(number * 7 % PatternBytes), length);

    private void Queue()
    {
        while (_left > 0 && Link.QueuedBytes < MaxQueuedBytes)
        {
            bool isReliable = !_random.Chance(_world.Settings.UnreliableMessages);
            Delivery delivery = (isReliable, _random.Next(2)) switch
            {
                (true, 0) => Delivery.ReliableOrdered,
                (true, _) => Delivery.ReliableUnordered,
                (false, 0) => Delivery.Unreliable,
                _ => Delivery.Sequenced,
            };
            int channel = _random.Next(Channels);
            int lane = (channel * Deliveries) + (int)delivery;
            int filler = _random.Next(_random.Chance(_world.Settings.LongMessages) ? MaxLongBytes : _world.Settings.MaxFillerBytes);
            Span<byte> body = _body.AsSpan(0, HeaderBytes + filler);
            long number = _sent[lane].Sent;
            body[0] = (byte)lane;
            BinaryPrimitives.WriteInt64LittleEndian(body[1..], number);
            Filler(number, filler).CopyTo(body[HeaderBytes..]);
            if (!Link.TryQueue(delivery, channel, body))
            {
                return;
            }

            _sent[lane].Sent++;
            _left -= isReliable ? 1 : 0;
        }
    }

    private void Schedule(long due)
    {
        if (due < _timerAt)
        {
            _timerAt = due;
            _world.Events.Schedule(due, this, Timer, due);
        }
    }
}
