using NetLoop.Buffers;
using NetLoop.Transports.Datagrams.Reliability;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Datagrams.Reliability;

/// <summary>Two links with a wire between them that loses, repeats, delays and reorders packets, all from a seed, in virtual time.</summary>
internal sealed class LossyWire : IDisposable
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1000 * Millisecond;

    private readonly Random _random;
    private readonly PriorityQueue<(int To, byte[] Packet), (long At, long Order)> _wire = new();
    private readonly long[] _wireFreeAt = new long[2];
    private readonly byte[] _buffer = new byte[2048];
    private long _order;

    public LossyWire(int seed = 1, LinkOptions? options = null)
    {
        _random = new Random(seed);
        Options = options ?? new LinkOptions();
        Sides = [new Side(Pool, Options), new Side(Pool, Options)];
    }

    public BufferPool Pool { get; } = new(new BufferPoolOptions { Diagnostics = true });

    public LinkOptions Options { get; }

    public Side[] Sides { get; }

    public Side A => Sides[0];

    public Side B => Sides[1];

    public double Loss { get; set; }

    public double Duplication { get; set; }

    public long Latency { get; set; }

    public long Jitter { get; set; }

    /// <summary>Bytes a second of each direction; 0 for no limit. Packets that would wait longer than <see cref="MaxQueue"/> are dropped.</summary>
    public double BytesPerSecond { get; set; }

    public long MaxQueue { get; set; } = 250 * Millisecond;

    public bool IsBlackedOut { get; set; }

    /// <summary>Longer packets are dropped without a word, in both directions; 0 for none.</summary>
    public int MaxPacketBytes { get; set; }

    /// <summary>Lengths of the packets that A has sent.</summary>
    public List<int> Lengths { get; } = [];

    /// <summary>Which packets are lost in addition.</summary>
    public Func<byte[], bool> Loses { get; set; } = static _ => false;

    /// <summary>Called with each packet that is put on the wire.</summary>
    public Action<int, byte[]>? OnCarried { get; set; }

    public long Now { get; private set; } = Second;

    public long PacketsDropped { get; private set; }

    /// <summary>Called in each step, before packets are written.</summary>
    public Action? OnStep { get; set; }

    /// <summary>Runs until a condition holds.</summary>
    /// <param name="until">The condition.</param>
    /// <param name="within">The virtual time after which the test fails.</param>
    public void Run(Func<bool> until, long within)
    {
        long end = Now + within;
        while (!until())
        {
            Assert.That(
                Now,
                Is.LessThan(end),
                () => $"the link did not get there in time: {A.Link.QueuedBytes} bytes queued, {A.Link.InFlight} under way of {A.Link.Window}");
            Step(end);
        }
    }

    /// <summary>Runs for a while.</summary>
    public void RunFor(long time)
    {
        long end = Now + time;
        while (Now < end)
        {
            Step(end);
        }
    }

    public void Dispose()
    {
        A.Link.Clear();
        B.Link.Clear();
        Assert.That(Pool.Statistics.RentedLeases, Is.Zero, "a link keeps memory");
    }

    private void Step(long end)
    {
        OnStep?.Invoke();
        long next = end;
        for (int side = 0; side < 2; side++)
        {
            ReliableLink link = Sides[side].Link;
            int length;
            while ((length = link.WritePacket(_buffer, Now)) > 0)
            {
                Sides[side].BytesSent += length;
                if (side == 0)
                {
                    Lengths.Add(length);
                }

                Carry(1 - side, _buffer.AsSpan(0, length));
            }

            next = Math.Min(next, Math.Max(link.NextDue(Now), Now + 1));
        }

        if (_wire.TryPeek(out _, out (long At, long Order) first))
        {
            next = Math.Min(next, Math.Max(first.At, Now));
        }

        Now = next;
        while (_wire.TryPeek(out (int To, byte[] Packet) arriving, out (long At, long Order) when) && when.At <= Now)
        {
            _wire.Dequeue();
            Side to = Sides[arriving.To];
            Assert.That(to.Link.OnPacket(arriving.Packet, Now, to), Is.EqualTo(PacketResult.Ok));
        }
    }

    private void Carry(int to, ReadOnlySpan<byte> packet)
    {
        int copies = _random.NextDouble() < Duplication ? 2 : 1;
        long at = Now + Latency;
        byte[] bytes = packet.ToArray();
        OnCarried?.Invoke(to, bytes);
        if (BytesPerSecond > 0)
        {
            long begins = Math.Max(Now, _wireFreeAt[to]);
            if (begins - Now > MaxQueue)
            {
                PacketsDropped++;
                return;
            }

            _wireFreeAt[to] = begins + (long)(packet.Length / BytesPerSecond * Second);
            at = _wireFreeAt[to] + Latency;
        }

        for (int copy = 0; copy < copies; copy++)
        {
            if (IsBlackedOut || (MaxPacketBytes > 0 && packet.Length > MaxPacketBytes) || _random.NextDouble() < Loss || Loses(bytes))
            {
                PacketsDropped++;
                continue;
            }

            long arrives = at + (Jitter == 0 ? 0 : _random.NextInt64(Jitter));
            _wire.Enqueue((to, bytes), (arrives, _order++));
        }
    }

    /// <summary>One end, with what it has received.</summary>
    internal sealed class Side(BufferPool pool, LinkOptions options) : ILinkSink
    {
        public ReliableLink Link { get; } = new(pool, options);

        public List<(int Channel, byte[] Body)> Received { get; } = [];

        public long BytesSent { get; set; }

        /// <summary>Whether it has room for a body.</summary>
        public Func<bool> HasRoom { get; set; } = static () => true;

        /// <summary>Called with each body instead of keeping it.</summary>
        public Action<int, byte[]>? OnReceived { get; set; }

        public bool OnBody(ReadOnlySpan<byte> body, int channel, Delivery delivery)
        {
            if (!HasRoom())
            {
                return false;
            }

            if (OnReceived is { } handler)
            {
                handler(channel, body.ToArray());
            }
            else
            {
                Received.Add((channel, body.ToArray()));
            }

            return true;
        }

        public void Send(Delivery delivery, int number, int channel = 0, int bytes = 8)
        {
            byte[] body = new byte[Math.Max(bytes, 4)];
            BitConverter.TryWriteBytes(body, number);
            for (int i = 4; i < body.Length; i++)
            {
                body[i] = ContentAt(number, i);
            }

            Assert.That(Link.TryQueue(delivery, channel, body), Is.True);
        }

        public IEnumerable<int> Numbers(int channel = 0) => Received.Where(received => received.Channel == channel).Select(received => NumberOf(received.Body));

        public static int NumberOf(byte[] body)
        {
            int number = BitConverter.ToInt32(body);
            for (int i = 4; i < body.Length; i++)
            {
                if (body[i] != ContentAt(number, i))
                {
                    throw new InvalidDataException($"body {number} of {body.Length} bytes is damaged at {i}");
                }
            }

            return number;
        }

        /// <summary>Does not repeat at any power of two, so that a wrong place shows.</summary>
        private static byte ContentAt(int number, int index) => (byte)(number + (index % 251));
    }
}
