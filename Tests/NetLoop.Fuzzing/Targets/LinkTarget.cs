using System.Buffers.Binary;
using NetLoop.Buffers;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Transports.Datagrams.Reliability;

namespace NetLoop.Fuzzing.Targets;

/// <summary>
/// A reliable link whose peer has the right keys and sends anything. The first byte of an input selects the limits and how much room the application has;
/// then come packets, each with its length in two bytes.
/// </summary>
internal sealed class LinkTarget : IFuzzTarget, ILinkSink
{
    private const int SmallLimits = 1;
    private const int RefusesSome = 2;
    private const int RefusesAll = 4;
    private const int LengthBits = 11;
    private const int Lanes = 64;
    private const int Millisecond = 1_000_000;
    private const long Start = 1_000 * Millisecond;

    private static readonly LinkOptions Usual = new();
    private static readonly LinkOptions Small = new() { MaxBodyBytes = 700, MaxHeldBytes = 4_096 };

    private readonly BufferPool _pool = new(new BufferPoolOptions());
    private readonly FuzzRandom _random = new(0);
    private readonly byte[] _packet = new byte[2_048];
    private readonly byte[] _body = new byte[3_000];
    private LinkOptions _options = Usual;
    private int _mode;
    private int _bodies;

    public string Name => "link";

    public string Description => "receives what an authentic peer sends on a reliable link: acknowledgements, segments, pieces of bodies";

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        output.Add((byte)random.Below(8));
        InputBuffer packet = new();
        for (int packets = 1 + random.Below(6); packets > 0; packets--)
        {
            packet.Clear();
            AddPacket(packet, random);
            int length = random.OneIn(16) ? random.Below(1 << LengthBits) : packet.Length;
            output.Add([(byte)length, (byte)(length >> 8)]);
            output.Add(packet.Written);
        }
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        _mode = input.IsEmpty ? 0 : input[0];
        _options = (_mode & SmallLimits) != 0 ? Small : Usual;
        _random.Reseed(InputHash.Of(input));
        var link = new ReliableLink(_pool, _options);
        long now = Prepare(link);
        ReadOnlySpan<byte> rest = input.IsEmpty ? input : input[1..];
        probe.BeginMeasure();
        while (rest.Length >= 2)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(rest) & ((1 << LengthBits) - 1), rest.Length - 2);
            Receive(link, rest.Slice(2, length), now, probe);
            rest = rest[(2 + length)..];
            now += _random.Below(100 * Millisecond);
            Send(link, now);
        }

        // The lists of a lane and of its segments; the bytes of segments are in the pool.
        probe.EndMeasure(input.Length, 1 << 20);
        _mode = 0;
        link.Resume(this);
        link.Clear();
        FuzzProbe.Require(link.HeldBytes == 0, $"{link.HeldBytes} bytes are held after the end");
        FuzzProbe.Require(_pool.Statistics.RentedLeases == 0, "a lease was not given back");
    }

    bool ILinkSink.OnBody(ReadOnlySpan<byte> body, int channel, Delivery delivery)
    {
        FuzzProbe.Require(body.Length <= _options.MaxBodyBytes, $"a body of {body.Length} bytes, {_options.MaxBodyBytes} are allowed");
        FuzzProbe.Require(channel is >= 0 and < 16 && Enum.IsDefined(delivery), $"a body on channel {channel}, {delivery}");
        if ((_mode & RefusesAll) != 0 || ((_mode & RefusesSome) != 0 && _random.OneIn(2)))
        {
            return false;
        }

        _bodies++;
        return true;
    }

    /// <summary>Lets the link send some packets, so that acknowledgements can mean something.</summary>
    private long Prepare(ReliableLink link)
    {
        for (int lane = 0; lane < 4; lane++)
        {
            link.TryQueue((Delivery)lane, lane & 1, _body.AsSpan(0, 100 + (500 * lane)));
        }

        Send(link, Start);
        return Start + Millisecond;
    }

    private void Send(ReliableLink link, long now)
    {
        int length;
        for (int packets = 0; packets < 64 && (length = link.WritePacket(_packet, now)) > 0; packets++)
        {
            FuzzProbe.Require(length <= _options.MaxPayloadBytes, $"a packet of {length} bytes");
        }

        FuzzProbe.Require(link.NextDue(now) > now - Start, "the next packet was due before the link began");
    }

    /// <summary>Oracles: a malformed packet changes nothing; what is held is within the limits.</summary>
    private void Receive(ReliableLink link, ReadOnlySpan<byte> packet, long now, FuzzProbe probe)
    {
        (int held, int queued, long inFlight, long window, int bodies) = (link.HeldBytes, link.QueuedBytes, link.InFlight, link.Window, _bodies);
        long progress = link.AcknowledgedPackets;
        PacketResult result = link.OnPacket(packet, now, this);
        FuzzProbe.Require(
            result != PacketResult.Malformed
                || (link.HeldBytes == held && link.QueuedBytes == queued && link.InFlight == inFlight && link.Window == window && _bodies == bodies
                    && link.AcknowledgedPackets == progress),
            "a malformed packet has changed something");
        FuzzProbe.Require(link.QueuedBytes <= queued && link.InFlight >= 0 && link.InFlight <= inFlight, $"{link.InFlight} bytes are under way");

        // The limit, what a lane needs to finish its body, and the pieces of a body that is put together.
        long most = _options.MaxHeldBytes + (2L * Lanes * _options.MaxBodyBytes);
        FuzzProbe.Require(link.HeldBytes >= 0 && link.HeldBytes <= most, $"{link.HeldBytes} bytes are held, {most} are allowed");
        if (_random.OneIn(4))
        {
            link.Resume(this);
        }

        probe.Visit(800 + (int)result, _bodies - bodies, link.HeldBytes);
        probe.Visit(810, queued - link.QueuedBytes, (int)(inFlight - link.InFlight));
    }

    private static void AddPacket(InputBuffer output, FuzzRandom random)
    {
        int words = random.Below(4);
        bool hasAck = !random.OneIn(3);
        output.Add((byte)(hasAck ? 1 | (words << 1) : 0));
        AddNumber(output, random);
        if (hasAck)
        {
            output.Add([(byte)random.Below(8), 0, random.NextByte(), random.NextByte(), random.OneIn(2) ? (byte)0xFF : random.NextByte()]);
            for (int i = 0; i < 8 * (words + 1); i++)
            {
                output.Add(random.OneIn(2) ? (byte)0xFF : random.NextByte());
            }
        }

        Span<byte> header = stackalloc byte[SegmentHeader.MaxBytes];
        for (int segments = random.Below(5); segments > 0; segments--)
        {
            int length = random.OneIn(4) ? random.Below(1_200) : random.Below(30);
            var segment = new SegmentHeader(
                random.OneIn(4) ? random.Below(16) : 0,
                (Delivery)random.Below(4),
                IsFirst: !random.OneIn(3),
                IsLast: !random.OneIn(3),
                random.OneIn(8) ? (ushort)random.Below(65_536) : (ushort)random.Below(6),
                length);
            output.Add(header[..segment.Write(header)]);
            for (; length > 0; length--)
            {
                output.Add((byte)length);
            }
        }
    }

    private static void AddNumber(InputBuffer output, FuzzRandom random)
    {
        int number = random.OneIn(8) ? random.Below(65_536) : random.Below(20);
        output.Add([(byte)number, (byte)(number >> 8)]);
    }
}
