using NetLoop.Transports.Datagrams.Reliability;
using NUnit.Framework;
using static NetLoop.Tests.Transports.Datagrams.Reliability.LossyWire;

namespace NetLoop.Tests.Transports.Datagrams.Reliability;

/// <summary>What a link promises, on wires that do everything wrong.</summary>
[Parallelizable]
public sealed class ReliableLinkTests
{
    [TestCase(0.25, 0.25, 1000, 100, 100)]
    [TestCase(0.40, 0.0, 20, 5, 100)]
    [TestCase(0.0, 0.5, 0, 50, 100)]
    [TestCase(0.25, 0.25, 100, 100, 5_000)]
    public void Reliable_OnABadWire_ArrivesExactlyOnceAndInOrder(double loss, double duplication, int latency, int jitter, int bytes)
    {
        using var wire = new LossyWire { Loss = loss, Duplication = duplication, Latency = latency * Millisecond, Jitter = jitter * Millisecond };
        const int count = 2_000;
        int ordered = 0;
        int unordered = 0;
        wire.OnStep = () =>
        {
            while (ordered < count && wire.A.Link.QueuedBytes < 100_000)
            {
                wire.A.Send(Delivery.ReliableOrdered, ordered++, channel: 1, bytes);
                wire.A.Send(Delivery.ReliableUnordered, unordered++, channel: 2, bytes);
            }
        };
        wire.Run(() => wire.B.Received.Count == 2 * count && wire.A.Link.IsIdle, 40_000 * Second);
        Assert.That(wire.B.Numbers(1), Is.EqualTo(Enumerable.Range(0, count)));
        Assert.That(wire.B.Numbers(2).Order(), Is.EqualTo(Enumerable.Range(0, count)));
    }

    [Test]
    public void Unreliable_OnABadWire_ArrivesAtMostOnce()
    {
        using var wire = new LossyWire { Loss = 0.2, Duplication = 0.3, Latency = 10 * Millisecond, Jitter = 30 * Millisecond };
        for (int i = 0; i < 2_000; i++)
        {
            wire.A.Send(Delivery.Unreliable, i, bytes: i % 10 == 0 ? 3_000 : 20);
            if (i % 20 == 0)
            {
                wire.RunFor(5 * Millisecond);
            }
        }

        wire.Run(() => wire.A.Link.IsIdle, 60 * Second);
        wire.RunFor(Second);
        int[] numbers = [.. wire.B.Numbers()];
        Assert.That(numbers, Is.Unique);
        Assert.That(numbers, Has.Length.InRange(1_000, 1_990));
        Assert.That(wire.A.Link.IsIdle, Is.True);
    }

    [Test]
    public void Unreliable_BesideASegmentWithoutRoom_ArrivesOnceThoughThePacketComesTwice()
    {
        using var wire = new LossyWire(options: new LinkOptions { MaxHeldBytes = 1_000 });
        bool hasRoom = false;
        wire.B.HasRoom = () => hasRoom;
        wire.A.Send(Delivery.ReliableOrdered, 0, bytes: 900);
        wire.RunFor(Second);
        wire.A.Send(Delivery.Unreliable, 1, channel: 1);
        wire.A.Send(Delivery.ReliableOrdered, 2, bytes: 900);
        byte[] packet = new byte[2_048];
        int length = wire.A.Link.WritePacket(packet, wire.Now);
        hasRoom = true;
        for (int copy = 0; copy < 2; copy++)
        {
            wire.B.Link.OnPacket(packet.AsSpan(0, length), wire.Now, wire.B);
        }

        Assert.That(wire.B.Numbers(1), Is.EqualTo(new[] { 1 }));
        wire.B.Link.Resume(wire.B);
        wire.Run(() => wire.B.Received.Count == 3, 60 * Second);
    }

    [Test]
    public void Sequenced_OnABadWire_NeverGoesBack()
    {
        using var wire = new LossyWire { Loss = 0.1, Duplication = 0.3, Latency = 10 * Millisecond, Jitter = 40 * Millisecond };
        for (int i = 0; i < 2_000; i++)
        {
            wire.A.Send(Delivery.Sequenced, i, bytes: i % 7 == 0 ? 2_500 : 20);
            wire.RunFor(2 * Millisecond);
        }

        wire.RunFor(Second);
        int[] numbers = [.. wire.B.Numbers()];
        Assert.That(numbers, Is.Ordered.Ascending.And.Unique);
        Assert.That(numbers, Has.Length.GreaterThan(100));
    }

    [Test]
    public void Unordered_FirstPacketLost_DeliversTheOthersAtOnce()
    {
        using var wire = new LossyWire { Latency = 50 * Millisecond, IsBlackedOut = true };
        wire.A.Send(Delivery.ReliableUnordered, 0);
        wire.RunFor(Millisecond);
        wire.IsBlackedOut = false;
        wire.A.Send(Delivery.ReliableUnordered, 1);
        wire.RunFor(60 * Millisecond);
        Assert.That(wire.B.Numbers(), Is.EqualTo(new[] { 1 }));
        wire.Run(() => wire.B.Received.Count == 2, 5 * Second);
    }

    [Test]
    public void Timeout_OfASinglePacket_SendsTwoCopies()
    {
        using var wire = new LossyWire { Latency = 20 * Millisecond, IsBlackedOut = true };
        wire.A.Send(Delivery.ReliableOrdered, 7, bytes: 100);
        wire.RunFor(Second);
        Assert.That(wire.A.Link.Statistics.Timeouts, Is.EqualTo(1));
        Assert.That(wire.Lengths, Is.EqualTo(new[] { wire.Lengths[0], wire.Lengths[0], wire.Lengths[0] }), "the packet, and two copies of it");
        wire.IsBlackedOut = false;
        wire.Run(() => wire.B.Received.Count == 1 && wire.A.Link.IsIdle, 5 * Second);
        Assert.That(wire.B.Numbers(), Is.EqualTo(new[] { 7 }));
    }

    [TestCase(2)]
    [TestCase(9)]
    public void Blackout_AtAnyMoment_IsSurvived(int seconds)
    {
        using var wire = new LossyWire { Latency = 20 * Millisecond, Jitter = 5 * Millisecond };
        int sent = 0;
        for (int phase = 0; phase < 20; phase++)
        {
            for (int i = 0; i < 50; i++)
            {
                wire.A.Send(Delivery.ReliableOrdered, sent++, bytes: 400);
            }

            wire.RunFor(phase * 7 * Millisecond);
            wire.IsBlackedOut = true;
            wire.RunFor(seconds * Second);
            wire.IsBlackedOut = false;
            wire.Run(() => wire.B.Received.Count == sent, 10 * Second);
        }

        Assert.That(wire.B.Numbers(), Is.EqualTo(Enumerable.Range(0, sent)));
    }

    [Test]
    public void Burst_ThousandMessagesAtLongRoundTrip_AllArrive()
    {
        using var wire = new LossyWire { Latency = 125 * Millisecond, Jitter = 30 * Millisecond, Loss = 0.02 };
        for (int i = 0; i < 1_000; i++)
        {
            wire.A.Send(Delivery.ReliableOrdered, i, bytes: 600);
        }

        wire.Run(() => wire.B.Received.Count == 1_000, 60 * Second);
        Assert.That(wire.B.Numbers(), Is.EqualTo(Enumerable.Range(0, 1_000)));
    }

    [Test]
    public void Numbers_WrapSeveralTimes_NothingIsLostOrRepeated()
    {
        using var wire = new LossyWire { Latency = Millisecond, Loss = 0.01, Duplication = 0.05, Jitter = Millisecond };
        const int count = 150_000;
        int sent = 0;
        int next = 0;
        wire.B.OnReceived = (_, body) => Assert.That(Side.NumberOf(body), Is.EqualTo(next++));
        wire.OnStep = () =>
        {
            while (sent < count && wire.A.Link.QueuedBytes < 50_000)
            {
                wire.A.Send(Delivery.ReliableOrdered, sent++, bytes: 4);
            }
        };
        wire.Run(() => next == count, 2_000 * Second);
    }

    [Test]
    public void Receiver_TakesNothing_TheLinkWaitsAndNothingIsLost()
    {
        using var wire = new LossyWire(options: new LinkOptions { MaxHeldBytes = 64 << 10 }) { Latency = 10 * Millisecond };
        bool hasRoom = false;
        wire.B.HasRoom = () => hasRoom;
        for (int i = 0; i < 1_000; i++)
        {
            wire.A.Send(Delivery.ReliableOrdered, i, bytes: 500);
        }

        wire.RunFor(60 * Second);
        Assert.That(wire.B.Received, Is.Empty);
        Assert.That(wire.B.Link.HeldBytes, Is.LessThanOrEqualTo(wire.Options.MaxHeldBytes + 1024));
        long sent = wire.A.BytesSent;
        wire.RunFor(60 * Second);
        Assert.That(wire.A.BytesSent - sent, Is.LessThan(200_000), "it only asks whether there is room again");
        hasRoom = true;
        wire.B.Link.Resume(wire.B);
        wire.Run(() => wire.B.Received.Count == 1_000, 60 * Second);
        Assert.That(wire.B.Numbers(), Is.EqualTo(Enumerable.Range(0, 1_000)));
    }

    [Test]
    public void Bulk_OnOneChannel_DoesNotHoldUpAnother()
    {
        using var wire = new LossyWire { Latency = 25 * Millisecond, BytesPerSecond = 1_000_000, MaxQueue = 30 * Millisecond };
        var sentAt = new List<long>();
        var latencies = new List<long>();
        int bulk = 0;
        wire.B.OnReceived = (channel, body) =>
        {
            if (channel == 1)
            {
                latencies.Add(wire.Now - sentAt[Side.NumberOf(body)]);
            }
        };
        wire.OnStep = () =>
        {
            while (wire.A.Link.QueuedBytes < 200_000)
            {
                wire.A.Send(Delivery.ReliableOrdered, bulk++, channel: 2, bytes: 10_000);
            }
        };
        wire.RunFor(2 * Second);
        for (int i = 0; i < 100; i++)
        {
            sentAt.Add(wire.Now);
            wire.A.Send(Delivery.ReliableOrdered, i, channel: 1);
            wire.RunFor(20 * Millisecond);
        }

        wire.RunFor(2 * Second);
        Assert.That(latencies, Has.Count.EqualTo(100));
        latencies.Sort();
        Assert.That(latencies[50], Is.LessThan((25 + 50 + 30) * Millisecond), "one way, a round trip of pacing, the queue of the wire");
    }

    [Test]
    public void UnreliableFlood_AtTwiceTheRate_LeavesRoomForReliable()
    {
        using var wire = new LossyWire { Latency = 25 * Millisecond, BytesPerSecond = 200_000, MaxQueue = 50 * Millisecond };
        int flood = 0;
        wire.B.OnReceived = (channel, body) =>
        {
            if (channel == 1)
            {
                wire.B.Received.Add((channel, body));
            }
        };
        wire.OnStep = () =>
        {
            while (wire.A.Link.QueuedBytes < 20_000)
            {
                wire.A.Send(Delivery.Unreliable, flood++, channel: 2, bytes: 1_000);
            }
        };
        for (int i = 0; i < 100; i++)
        {
            wire.A.Send(Delivery.ReliableOrdered, i, channel: 1);
            wire.RunFor(50 * Millisecond);
        }

        wire.Run(() => wire.B.Received.Count == 100, 5 * Second);
        Assert.That(wire.B.Numbers(1), Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void SlowWire_IsNotFlooded()
    {
        using var wire = new LossyWire { Latency = 50 * Millisecond, BytesPerSecond = 64_000, MaxQueue = 200 * Millisecond };
        int sent = 0;
        wire.OnStep = () =>
        {
            while (wire.A.Link.QueuedBytes < 100_000)
            {
                wire.A.Send(Delivery.ReliableOrdered, sent++, bytes: 1_000);
            }
        };
        wire.RunFor(5 * Second);
        long before = wire.A.BytesSent;
        wire.RunFor(20 * Second);
        double rate = (wire.A.BytesSent - before) / 20.0;
        Assert.That(rate, Is.InRange(0.75 * 64_000, 1.1 * 64_000));
    }

    [Test]
    public void FastWireWithLongRoundTrip_IsFilled()
    {
        using var wire = new LossyWire(options: new LinkOptions { MaxHeldBytes = 8 << 20 })
        {
            Latency = 100 * Millisecond,
            BytesPerSecond = 12_500_000,
            MaxQueue = 250 * Millisecond,
        };
        long received = 0;
        int sent = 0;
        wire.B.OnReceived = (_, body) => received += body.Length;
        wire.OnStep = () =>
        {
            while (wire.A.Link.QueuedBytes < 4_000_000)
            {
                wire.A.Send(Delivery.ReliableOrdered, sent++, bytes: 20_000);
            }
        };
        wire.RunFor(5 * Second);
        long before = received;
        wire.RunFor(5 * Second);
        Assert.That((received - before) / 5.0, Is.GreaterThan(0.8 * 12_500_000));
    }

    [Test]
    public void LargestBody_InSmallestPackets_Arrives()
    {
        using var wire = new LossyWire(options: new LinkOptions { MaxPayloadBytes = 551, MaxBodyBytes = 16 << 20, MaxHeldBytes = 64 << 20 })
        {
            Latency = Millisecond,
            Loss = 0.01,
        };
        wire.A.Send(Delivery.ReliableOrdered, 1, bytes: 16 << 20);
        wire.Run(() => wire.B.Received.Count == 1, 1_000 * Second);
        Assert.That(Side.NumberOf(wire.B.Received[0].Body), Is.EqualTo(1));
    }

    [Test]
    public void Fragments_ManyBodiesBegunAndNeverFinished_MemoryIsBounded()
    {
        using var wire = new LossyWire();
        var random = new Random(5);
        byte[] packet = new byte[1_175];
        for (int i = 0; i < 10_000; i++)
        {
            int at = 3;
            packet[0] = 0;
            BitConverter.TryWriteBytes(packet.AsSpan(1), (ushort)i);
            var header = new SegmentHeader(random.Next(16), (Delivery)random.Next(4), IsFirst: true, IsLast: false, (ushort)random.Next(65_536), 1_000);
            at += header.Write(packet.AsSpan(at));
            wire.B.Link.OnPacket(packet.AsSpan(0, at + 1_000), wire.Now, wire.B);
            Assert.That(wire.B.Link.HeldBytes, Is.LessThanOrEqualTo(wire.Options.MaxHeldBytes + (16 * 65_536)), "and one unfinished body of each channel");
        }

        Assert.That(wire.Pool.Statistics.RentedBytes, Is.LessThan(4 << 20));
    }

    [Test]
    public void OnPacket_EveryCutAndRandomBytes_NeverThrowAndChangeNothing()
    {
        using var wire = new LossyWire();
        wire.A.Send(Delivery.ReliableOrdered, 1, bytes: 200);
        wire.A.Send(Delivery.Unreliable, 2, channel: 3, bytes: 60);
        byte[] buffer = new byte[2048];
        int length = wire.A.Link.WritePacket(buffer, wire.Now);
        int malformed = 0;
        for (int cut = 0; cut < length; cut++)
        {
            using var other = new LossyWire();
            malformed += other.B.Link.OnPacket(buffer.AsSpan(0, cut), other.Now, other.B) == PacketResult.Malformed ? 1 : 0;
            Assert.That(other.B.Received.Count, Is.LessThanOrEqualTo(1));
        }

        Assert.That(malformed, Is.GreaterThan(length - 5));
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++)
        {
            Span<byte> packet = buffer.AsSpan(0, random.Next(80));
            random.NextBytes(packet);
            if (packet.Length > 0)
            {
                packet[0] &= 7;
            }

            wire.B.Link.OnPacket(packet, wire.Now, wire.B);
        }
    }

    [Test]
    public void Steady_Messages_AllocateNothing()
    {
        using var wire = new LossyWire();
        var sink = new CountingSink();
        var a = new ReliableLink(wire.Pool, wire.Options);
        var b = new ReliableLink(wire.Pool, wire.Options);
        byte[] body = new byte[40];
        byte[] buffer = new byte[2048];
        long now = Second;
        Exchange(5_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(20_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sink.Count, Is.EqualTo(25_000 * 3));
        a.Clear();
        b.Clear();

        void Exchange(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                a.TryQueue(Delivery.ReliableOrdered, 0, body);
                a.TryQueue(Delivery.ReliableUnordered, 1, body);
                a.TryQueue(Delivery.Unreliable, 2, body);
                int length;
                while ((length = a.WritePacket(buffer, now)) > 0)
                {
                    b.OnPacket(buffer.AsSpan(0, length), now, sink);
                }

                now += Millisecond;
                while ((length = b.WritePacket(buffer, now)) > 0)
                {
                    a.OnPacket(buffer.AsSpan(0, length), now, sink);
                }
            }
        }
    }

    private sealed class CountingSink : ILinkSink
    {
        public int Count { get; private set; }

        public bool OnBody(ReadOnlySpan<byte> body, int channel, Delivery delivery)
        {
            Count++;
            return true;
        }
    }
}
