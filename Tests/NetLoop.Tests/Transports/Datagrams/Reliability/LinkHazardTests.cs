using NetLoop.Buffers;
using NetLoop.Transports.Datagrams.Reliability;
using NUnit.Framework;
using static NetLoop.Tests.Transports.Datagrams.Reliability.LossyWire;

namespace NetLoop.Tests.Transports.Datagrams.Reliability;

/// <summary>What has gone wrong in other reliable links. Tests/README.md has the list, with the other tests that belong to it.</summary>
[Parallelizable]
public sealed class LinkHazardTests
{
    private const int RoomOfAPacket = 1_175 - 3 - 5 - 8;

    /// <summary>Every length of the last piece, and every cut of it: a piece is taken as it is, or not at all.</summary>
    [Test]
    public void LastPiece_OfEveryLength_IsTakenWholeOrRejected()
    {
        byte[] packet = new byte[1_175];
        for (int length = 0; length <= 1_160; length++)
        {
            using var wire = new LossyWire();
            Piece(packet, 0, isFirst: true, isLast: false, 1_000, out int first);
            wire.B.Link.OnPacket(packet.AsSpan(0, first), wire.Now, wire.B);
            Piece(packet, 1, isFirst: false, isLast: true, length, out int last);
            PacketResult cut = wire.B.Link.OnPacket(packet.AsSpan(0, last - 1), wire.Now, wire.B);
            Assert.That(cut, Is.EqualTo(PacketResult.Malformed));
            PacketResult whole = wire.B.Link.OnPacket(packet.AsSpan(0, last), wire.Now, wire.B);
            Assert.That(whole, Is.EqualTo(length == 0 ? PacketResult.Malformed : PacketResult.Ok));
            Assert.That(wire.B.Received.Select(static received => received.Body.Length), Is.EqualTo(length == 0 ? [] : new[] { 1_000 + length }));
        }
    }

    /// <summary>Bodies that end just before, at and after the end of a piece: no byte is rounded away or added.</summary>
    [Test]
    public void Bodies_AroundTheEndsOfPieces_ArriveWholeInEveryDelivery()
    {
        using var wire = new LossyWire { Latency = Millisecond };
        int number = 0;
        foreach (int pieces in (int[])[1, 2, 3, 7])
        {
            for (int more = -20; more <= 20; more++)
            {
                foreach (Delivery delivery in Enum.GetValues<Delivery>())
                {
                    wire.A.Send(delivery, number++, (int)delivery, (pieces * RoomOfAPacket) + more);
                }

                wire.RunFor(100 * Millisecond);
            }
        }

        wire.Run(() => wire.A.Link.IsIdle, 60 * Second);
        Assert.That(wire.B.Received.Select(static received => Side.NumberOf(received.Body)).Order(), Is.EqualTo(Enumerable.Range(0, number)));
    }

    [Test]
    public void PoolIsExhausted_WhilePiecesArrive_NothingIsLostOnceThereIsMemory()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 1 << 20 });
        using var wire = new LossyWire { Latency = 5 * Millisecond };
        var side = new Side(pool, wire.Options);
        byte[] packet = new byte[2_048];
        List<Lease> leases = [];
        while (pool.TryRent(1_024, "test", out Lease lease))
        {
            leases.Add(lease);
        }

        for (int i = 0; i < 20; i++)
        {
            wire.A.Send(Delivery.ReliableOrdered, i, bytes: 5_000);
        }

        long now = Second;
        Exchange(5 * Second);
        Assert.That(side.Received, Is.Empty);
        Assert.That(side.Link.HeldBytes, Is.LessThan(10_000));
        leases.ForEach(static lease => lease.Return());
        Exchange(60 * Second);
        Assert.That(side.Numbers(), Is.EqualTo(Enumerable.Range(0, 20)));
        side.Link.Clear();
        Assert.That(pool.Statistics.RentedLeases, Is.Zero);

        void Exchange(long time)
        {
            for (long end = now + time; now < end; now += 5 * Millisecond)
            {
                int length;
                while ((length = wire.A.Link.WritePacket(packet, now)) > 0)
                {
                    side.Link.OnPacket(packet.AsSpan(0, length), now, side);
                }

                while ((length = side.Link.WritePacket(packet, now)) > 0)
                {
                    wire.A.Link.OnPacket(packet.AsSpan(0, length), now, wire.A);
                }
            }
        }
    }

    /// <summary>The pieces of unreliable bodies in each of their orders, each twice.</summary>
    [TestCase(Delivery.Unreliable)]
    [TestCase(Delivery.Sequenced)]
    public void Pieces_OfUnreliableBodiesInEveryOrder_AreDeliveredOnce(Delivery delivery)
    {
        int[][] orders = [.. Permutations([0, 1, 2, 3])];
        Assert.That(orders, Has.Length.EqualTo(24));
        foreach (int[] order in orders)
        {
            using var wire = new LossyWire();
            List<byte[]> packets = [];
            wire.OnCarried = (to, packet) => packets.Add(packet);
            wire.IsBlackedOut = true;
            wire.A.Send(delivery, 5, bytes: 4_000);
            wire.RunFor(Millisecond);
            Assert.That(packets, Has.Count.EqualTo(4));
            foreach (int index in order.Concat(order))
            {
                Assert.That(wire.B.Link.OnPacket(packets[index], wire.Now, wire.B), Is.EqualTo(PacketResult.Ok));
            }

            Assert.That(wire.B.Numbers(), Is.EqualTo(new[] { 5 }), string.Join(' ', order));
        }
    }

    [Test]
    public void TenThousandInFlight_OnePacketLost_AllArriveAndOneIsSentAgain()
    {
        using var wire = new LossyWire(options: new LinkOptions { MaxHeldBytes = 8 << 20 }) { Latency = 50 * Millisecond };
        int sent = 0;
        int received = 0;
        wire.B.OnReceived = (_, _) => received++;
        wire.OnStep = () =>
        {
            while (sent < 200_000 && wire.A.Link.QueuedBodies < 10_000)
            {
                wire.A.Send(Delivery.ReliableUnordered, sent++, channel: sent % 4, bytes: 100);
            }
        };
        wire.Run(() => received > 100_000, 120 * Second);
        long again = wire.A.Link.Statistics.SegmentsSentAgain;
        int lost = 0;
        wire.Loses = packet => packet.Length > wire.Options.MaxPayloadBytes / 2 && lost++ == 0;
        wire.Run(() => received == 200_000, 120 * Second);
        Assert.That(wire.A.Link.Statistics.SegmentsSentAgain - again, Is.InRange(1, 12), "those of one packet");
    }

    /// <summary>16 bits are the numbers on the wire: a segment that never arrives must not meet the one that has its number 65,536 later.</summary>
    [TestCase(Delivery.ReliableOrdered)]
    [TestCase(Delivery.ReliableUnordered)]
    public void SeventyThousand_WhileTheFirstNeverArrives_WaitForItAndAllArriveAfterwards(Delivery delivery)
    {
        using var wire = new LossyWire(options: new LinkOptions { MaxHeldBytes = 8 << 20 }) { Latency = Millisecond };
        const int count = 70_000;
        byte[] mark = [.. Enumerable.Repeat((byte)0xEE, 40)];
        var seen = new HashSet<int>();
        int received = 0;
        wire.B.OnReceived = (_, body) =>
        {
            received++;
            seen.Add(BitConverter.ToInt32(body));
        };
        wire.Loses = packet => packet.AsSpan().IndexOf(mark) >= 0;
        byte[] first = [0, 0, 0, 0, .. mark];
        Assert.That(wire.A.Link.TryQueue(delivery, 0, first));
        int sent = 1;
        wire.OnStep = () =>
        {
            while (sent < count && wire.A.Link.QueuedBodies < 20_000)
            {
                wire.A.Send(delivery, sent++, bytes: 12);
            }
        };
        wire.RunFor(30 * Second);
        Assert.That(received, Is.LessThan(32_768), "the others wait for it");
        wire.Loses = static _ => false;
        wire.Run(() => received == count, 600 * Second);
        Assert.That(seen, Has.Count.EqualTo(count));
    }

    [Test]
    public void WritePacket_IntoDirtyMemory_WritesTheSame()
    {
        using var clean = new LossyWire { Latency = Millisecond };
        using var dirty = new LossyWire { Latency = Millisecond };
        byte[] zeros = new byte[2_048];
        byte[] rubbish = new byte[2_048];
        for (int i = 0; i < 200; i++)
        {
            foreach (LossyWire wire in (LossyWire[])[clean, dirty])
            {
                wire.A.Send((Delivery)(i % 4), i, channel: i % 3, bytes: 10 + (i * 31 % 3_000));
                wire.B.Send(Delivery.ReliableOrdered, i, bytes: 20);
                wire.RunFor(10 * Millisecond);
                wire.A.Send(Delivery.ReliableUnordered, i, channel: 5, bytes: 700);
            }

            zeros.AsSpan().Clear();
            rubbish.AsSpan().Fill(0xFF);
            int length = clean.A.Link.WritePacket(zeros, clean.Now);
            Assert.That(dirty.A.Link.WritePacket(rubbish, dirty.Now), Is.EqualTo(length));
            Assert.That(rubbish.AsSpan(0, length).SequenceEqual(zeros.AsSpan(0, length)), $"packet {i}");
        }
    }

    /// <summary>Copies from far behind the window of acknowledgements.</summary>
    [Test]
    public void Copies_OfVeryOldPackets_DeliverNothingAgain()
    {
        using var wire = new LossyWire { Latency = Millisecond };
        List<byte[]> packets = [];
        wire.OnCarried = (to, packet) =>
        {
            if (to == 1)
            {
                packets.Add(packet);
            }
        };
        for (int i = 0; i < 2_000; i++)
        {
            wire.A.Send((Delivery)(i % 4), i, channel: i % 4, bytes: 100);
            wire.RunFor(2 * Millisecond);
        }

        wire.Run(() => wire.B.Received.Count == 2_000, 10 * Second);
        Assert.That(packets, Has.Count.GreaterThan(600));
        foreach (byte[] packet in packets)
        {
            Assert.That(wire.B.Link.OnPacket(packet, wire.Now, wire.B), Is.EqualTo(PacketResult.Ok));
        }

        Assert.That(wire.B.Received, Has.Count.EqualTo(2_000));
    }

    /// <summary>The rate of one bulk flow, in shares of what the wire carries.</summary>
    [TestCase(0, 0, 0.85)]
    [TestCase(25, 0, 0.85)]
    [TestCase(100, 0, 0.85)]
    [TestCase(0, 0.01, 0.8)]
    [TestCase(25, 0.01, 0.2)]
    public void Bulk_AtARoundTripAndLoss_FillsTheWire(int latency, double loss, double least)
    {
        using var wire = new LossyWire(options: new LinkOptions { MaxHeldBytes = 8 << 20 })
        {
            Latency = latency * Millisecond,
            Loss = loss,
            BytesPerSecond = 1_000_000,
            MaxQueue = 100 * Millisecond,
        };
        long received = 0;
        int sent = 0;
        wire.B.OnReceived = (_, body) => received += body.Length;
        wire.OnStep = () =>
        {
            while (wire.A.Link.QueuedBytes < 1_000_000)
            {
                wire.A.Send(Delivery.ReliableOrdered, sent++, bytes: 20_000);
            }
        };
        wire.RunFor(10 * Second);
        long before = received;
        wire.RunFor(20 * Second);
        Assert.That((received - before) / 20.0 / 1_000_000, Is.GreaterThan(least));
    }

    /// <summary>Locks belong to the handshake, and to what several loops share.</summary>
    [Test]
    public void PathOfAPacket_HasNoLocks()
    {
        string folder = Path.Combine(Demo.Repository.Root, "Engine", "NetLoop", "Transports", "Datagrams");
        string[] files =
        [
            .. Directory.GetFiles(Path.Combine(folder, "Reliability"), "*.cs"),
            .. new[] { "DatagramConnection.cs", "UdpSocket.cs", "DatagramLoop.cs", "Netcode/NetcodePeer.cs", "Netcode/NetcodePacket.cs", "Netcode/Aead.cs" }
                .Select(file => Path.Combine(folder, file)),
        ];
        Assert.That(files, Has.Length.GreaterThan(15));
        Assert.That(files.Where(static file => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(file), @"\b(lock \(|Lock |Monitor\.)")), Is.Empty);
    }

    private static void Piece(byte[] packet, ushort number, bool isFirst, bool isLast, int length, out int end)
    {
        packet[0] = 0;
        BitConverter.TryWriteBytes(packet.AsSpan(1), number);
        int at = 3 + new SegmentHeader(0, Delivery.ReliableOrdered, isFirst, isLast, number, length).Write(packet.AsSpan(3));
        packet.AsSpan(at, length).Fill((byte)length);
        end = at + length;
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 1
        ? [items]
        : items.SelectMany(item => Permutations([.. items.Where(other => other != item)]).Select(rest => (int[])[item, .. rest]));
}
