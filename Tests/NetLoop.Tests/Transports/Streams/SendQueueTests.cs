using System.Text;
using NetLoop.Buffers;
using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Streams;

public sealed class SendQueueTests
{
    private readonly LengthPrefixFramer _framer = new(maxBodyBytes: 1 << 20);
    private BufferPool _pool = null!;
    private SendQueue _queue = null!;

    [SetUp]
    public void MakeQueue()
    {
        _pool = new BufferPool(new BufferPoolOptions { MaxBytes = 8 << 20, Diagnostics = true });
        _queue = new SendQueue(_pool) { Framing = _framer };
    }

    [TearDown]
    public void EveryTestReturnsItsLeases()
    {
        _queue.Clear();
        Assert.That(_pool.OutstandingOwners(), Is.Empty);
    }

    [Test]
    public void New_HoldsNothing()
    {
        Assert.That(_queue.IsEmpty);
        Assert.That(_queue.QueuedBodies, Is.Zero);
        Assert.That(_queue.FillSegments(new SendSegment[4]), Is.Zero);
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
    }

    [Test]
    public void CommitBody_OneBody_IsFramed()
    {
        Encode([0xAB, 0xCD]);
        Assert.That(Drain(), Is.EqualTo([0, 0, 0, 2, 0xAB, 0xCD]));
        Assert.That(_queue.IsEmpty);
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero, "an empty queue holds no memory");
    }

    [Test]
    public void CommitBody_FramerWithTrailer_AppendsIt()
    {
        var lines = DelimitedFramer.Lines(maxLineBytes: 100);
        Encode("GET"u8, lines);
        Assert.That(_queue.TryAppend("PUT"u8), Is.True);
        Assert.That(Encoding.ASCII.GetString(Drain()), Is.EqualTo("GET\nPUT\n"));
    }

    [Test]
    public void CommitBody_NoBytesAtAll_QueuesNothing()
    {
        var raw = new RawFramer(maxChunkBytes: 100);
        Encode([], raw);
        Assert.That(_queue.TryAppend([]), Is.True);
        Assert.That(_queue.QueuedBodies, Is.Zero);
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
    }

    [Test]
    public void CommitBody_SmallBodies_ShareOneBlockAndOneSegment()
    {
        for (int i = 0; i < 50; i++)
        {
            Encode([(byte)i]);
        }

        Assert.That(_pool.Statistics.RentedBytes, Is.EqualTo(1024));
        Assert.That(_queue.FillSegments(new SendSegment[64]), Is.EqualTo(1));
        Assert.That(_queue.QueuedBodies, Is.EqualTo(50));
        Assert.That(_queue.QueuedBytes, Is.EqualTo(50 * 5));
    }

    [Test]
    public void CommitBody_GrowingQueue_TakesLargerBlocks()
    {
        for (int i = 0; i < 2000; i++)
        {
            Encode(new byte[100]);
        }

        var segments = new SendSegment[64];
        int count = _queue.FillSegments(segments);
        Assert.That(count, Is.LessThan(10), "1, 4, 16, 64, 64... KiB");
        Assert.That(segments[..count].Sum(segment => segment.Bytes.Length), Is.EqualTo(_queue.QueuedBytes));
        Assert.That(_pool.Statistics.RentedBytes, Is.LessThan(2 * _queue.QueuedBytes));
    }

    [Test]
    public void CommitBody_AsMuchAsExpected_SharesOneBlock()
    {
        _queue.ExpectedBytes = 20_000;
        for (int i = 0; i < 16; i++)
        {
            Encode(new byte[1_000]);
        }

        Assert.That(_queue.LeaseCount, Is.EqualTo(1));
        Assert.That(_pool.Statistics.RentedBytes, Is.EqualTo(64 << 10));
    }

    [Test]
    public void CommitBody_MoreExpectedThanThePoolHas_TakesASmallerBlock()
    {
        // A slab of small blocks is free; all other memory is rented in blocks of 64 KiB.
        _pool.TryRent(1, "test", out Lease small);
        List<Lease> others = [small];
        while (_pool.TryRent(64 << 10, "test", out Lease other))
        {
            others.Add(other);
        }

        _queue.ExpectedBytes = 60_000;
        Encode([0xAB]);
        Assert.That(_queue.LeaseCount, Is.EqualTo(1));
        others.ForEach(other => other.Return());
    }

    [Test]
    public void CommitBody_LongerThanBegun_BreaksInvariant()
    {
        _queue.BeginBody(maxBodyBytes: 10);
        Assert.That(() => _queue.CommitBody(11), Throws.TypeOf<InvariantViolationException>());
    }

    [Test]
    public void Framing_WhileABodyIsOpen_BreaksInvariant()
    {
        _queue.BeginBody(maxBodyBytes: 10);
        Assert.That(() => _queue.Framing = new RawFramer(maxChunkBytes: 100), Throws.TypeOf<InvariantViolationException>());
    }

    [Test]
    public void BeginBody_Memory_IsCappedAtTheLimit()
    {
        Assert.That(_queue.BeginBody(maxBodyBytes: 10).Length, Is.EqualTo(10));
    }

    [Test]
    public void BeginBody_WhileAnotherIsOpen_BreaksInvariant()
    {
        _queue.BeginBody(10);
        Assert.That(() => _queue.BeginBody(10).Length, Throws.TypeOf<InvariantViolationException>());
    }

    [Test]
    public void Grow_RoomLeft_ReturnsTheSameMemory()
    {
        Span<byte> body = _queue.BeginBody(maxBodyBytes: 500);
        Assert.That(_queue.Grow(written: 10, minimumFree: 490) == body);
    }

    [Test]
    public void Grow_BeyondMaxBodyBytes_IsRejectedAndTheBodyCanBeCancelled()
    {
        Encode([1]);
        _queue.BeginBody(maxBodyBytes: 5000);
        Assert.That(_queue.Grow(written: 100, minimumFree: 4901).Length, Is.Zero);
        Assert.That(_queue.Grow(written: 100, minimumFree: int.MaxValue).Length, Is.Zero);
        Assert.That(_queue.Grow(written: 100, minimumFree: 4900).Length, Is.EqualTo(5000));
        _queue.CancelBody();
        Assert.That(Drain(), Is.EqualTo([0, 0, 0, 1, 1]));
    }

    [Test]
    public void Grow_AcrossBlocks_KeepsTheBodyContiguousAndWhatWasQueued()
    {
        Encode(new byte[900]);
        Encode([.. Enumerable.Range(0, 70_000).Select(i => (byte)i)], step: 33);
        Assert.That(_queue.QueuedBodies, Is.EqualTo(2));

        byte[] wire = Drain();
        Assert.That(wire[904..908], Is.EqualTo([0, 1, 0x11, 0x70]));
        Assert.That(wire[908..], Is.EqualTo(Enumerable.Range(0, 70_000).Select(i => (byte)i)));
    }

    [Test]
    public void CancelBody_InTheMiddle_LeavesTheRestOfTheStream()
    {
        Encode([1]);
        Span<byte> body = _queue.BeginBody(maxBodyBytes: 100_000);
        body.Fill(0xEE);
        _queue.Grow(body.Length, 50_000).Fill(0xEE);
        _queue.CancelBody();
        Encode([2]);
        Assert.That(_queue.QueuedBodies, Is.EqualTo(2));
        Assert.That(Drain(), Is.EqualTo([0, 0, 0, 1, 1, 0, 0, 0, 1, 2]));
    }

    [Test]
    public void CancelBody_OnlyBody_HoldsNoMemory()
    {
        _queue.BeginBody(maxBodyBytes: 100);
        _queue.CancelBody();
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
    }

    [Test]
    public void CancelBody_NoneOpen_BreaksInvariant()
    {
        Assert.That(_queue.CancelBody, Throws.TypeOf<InvariantViolationException>());
    }

    [Test]
    public void TryAppend_PoolExhausted_IsFalseAndQueuesNothing()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 1 << 20 });
        pool.TryRent(1 << 20, "test", out Lease all);
        var queue = new SendQueue(pool) { Framing = _framer };
        Assert.That(queue.TryAppend([1]), Is.False);
        Assert.That(queue.BeginBody(100).Length, Is.Zero);
        Assert.That(queue.IsEmpty);

        all.Return();
        Assert.That(queue.TryAppend([1]), Is.True, "no body was left open");
        queue.Clear();
    }

    [Test]
    public void Grow_PoolExhausted_IsRejectedAndTheBodyCanBeCancelled()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 1 << 20 });
        var queue = new SendQueue(pool) { Framing = _framer };
        queue.TryAppend([1]);
        Span<byte> body = queue.BeginBody(maxBodyBytes: 600_000);
        Assert.That(queue.Grow(body.Length, 500_000).Length, Is.Zero);
        queue.CancelBody();
        Assert.That(queue.QueuedBytes, Is.EqualTo(5));
        queue.Clear();
        Assert.That(pool.Statistics.RentedLeases, Is.Zero);
    }

    [Test]
    public void Advance_EveryCut_CountsBodiesWhenTheirLastByteIsSent()
    {
        for (int cut = 0; cut <= 15; cut++)
        {
            Encode([1]);
            Encode([2]);
            Encode([3]);
            _queue.Advance(cut);
            Assert.That(_queue.QueuedBodies, Is.EqualTo(3 - (cut / 5)), $"cut at {cut}");
            Assert.That(_queue.QueuedBytes, Is.EqualTo(15 - cut));
            _queue.Advance(15 - cut);
            Assert.That(_queue.QueuedBodies, Is.Zero);
        }
    }

    [Test]
    public void Advance_MoreThanQueued_BreaksInvariant([Values(-1, 6, int.MaxValue)] int sent)
    {
        Encode([1]);
        Assert.That(() => _queue.Advance(sent), Throws.TypeOf<InvariantViolationException>());
    }

    [Test]
    public void Clear_AfterPartialSendWithABodyOpen_StartsAfresh()
    {
        Encode(new byte[3000]);
        _queue.Advance(100);
        _queue.BeginBody(100);
        _queue.Clear();
        Assert.That(_queue.IsEmpty);
        Assert.That(_queue.QueuedBodies, Is.Zero);
        Encode([9]);
        Assert.That(Drain(), Is.EqualTo([0, 0, 0, 1, 9]));
    }

    [Test]
    public void FillSegments_FewerThanBlocks_GivesTheOldest()
    {
        Encode(new byte[5000]);
        Encode(new byte[100_000]);
        Encode(new byte[300_000]);
        var segments = new SendSegment[2];
        Assert.That(_queue.FillSegments(segments), Is.EqualTo(2));
        Assert.That(segments[0].Bytes.Length, Is.EqualTo(5004));
        Assert.That(segments[1].Bytes.Length, Is.EqualTo(100_004));
    }

    [Test]
    public void Queue_RandomBodiesAndSends_ProducesExactlyTheFramedStream([Values(1, 2, 3, 4, 5, 6)] int seed)
    {
        var random = new Random(seed);
        var expected = new MemoryStream();
        var actual = new MemoryStream();
        var frameEnds = new Queue<long>();
        for (int round = 0; round < 3000; round++)
        {
            for (int bodies = random.Next(4); bodies > 0; bodies--)
            {
                byte[] body = new byte[1 + random.Next(1 << random.Next(random.Next(8) == 0 ? 17 : 9))];
                random.NextBytes(body);
                switch (random.Next(4))
                {
                    case 0:
                        Assert.That(_queue.TryAppend(body), Is.True);
                        break;
                    case 1:
                        _queue.BeginBody(body.Length).Fill(0xEE);
                        _queue.CancelBody();
                        continue;
                    default:
                        Encode(body, step: 1 + random.Next(500));
                        break;
                }

                byte[] header = new byte[4];
                _framer.WriteHeader(header, body.Length);
                expected.Write(header);
                expected.Write(body);
                frameEnds.Enqueue(expected.Length);
            }

            Send(actual, random.Next(3) == 0 ? _queue.QueuedBytes : random.Next(Math.Min(_queue.QueuedBytes, 20_000) + 1));
            while (frameEnds.TryPeek(out long end) && end <= actual.Length)
            {
                frameEnds.Dequeue();
            }

            if (_queue.QueuedBodies != frameEnds.Count || _queue.QueuedBytes != expected.Length - actual.Length)
            {
                Assert.Fail($"seed {seed}, round {round}: {_queue.QueuedBodies} bodies, expected {frameEnds.Count}");
            }
        }

        Send(actual, _queue.QueuedBytes);
        Assert.That(actual.ToArray().AsSpan().SequenceEqual(expected.ToArray()));
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
    }

    [Test]
    public void Queue_SteadyState_AllocatesNothing()
    {
        var queue = new SendQueue(new BufferPool()) { Framing = _framer };
        byte[] body = new byte[300];
        var segments = new SendSegment[64];
        Assert.That(Allocations.Of(() => EncodeAndSend(queue, body, segments)), Is.Zero);
    }

    private static void EncodeAndSend(SendQueue queue, byte[] body, SendSegment[] segments)
    {
        for (int i = 0; i < 100; i++)
        {
            queue.BeginBody(1000);
            body.CopyTo(queue.Grow(0, body.Length));
            queue.CommitBody(body.Length);
            queue.TryAppend(body);
        }

        queue.FillSegments(segments);
        queue.Advance(1234);
        queue.Advance(queue.QueuedBytes);
    }

    private void Encode(ReadOnlySpan<byte> body, IFramer? framer = null, int step = int.MaxValue)
    {
        _queue.Framing = framer ?? _framer;
        Span<byte> memory = _queue.BeginBody(_queue.Framing.MaxBodyBytes);
        int written = 0;
        while (written < body.Length)
        {
            int count = Math.Min(step, body.Length - written);
            if (count > memory.Length - written)
            {
                memory = _queue.Grow(written, count);
            }

            body.Slice(written, count).CopyTo(memory[written..]);
            written += count;
        }

        _queue.CommitBody(written);
    }

    private byte[] Drain()
    {
        var wire = new MemoryStream();
        Send(wire, _queue.QueuedBytes);
        return wire.ToArray();
    }

    /// <summary>Acts as a socket that accepts this many bytes.</summary>
    private void Send(MemoryStream wire, int bytes)
    {
        var segments = new SendSegment[3];
        while (bytes > 0)
        {
            int taken = 0;
            int count = _queue.FillSegments(segments);
            for (int i = 0; i < count && taken < bytes; i++)
            {
                ReadOnlySpan<byte> segment = segments[i].Bytes[..Math.Min(segments[i].Bytes.Length, bytes - taken)];
                wire.Write(segment);
                taken += segment.Length;
            }

            _queue.Advance(taken);
            bytes -= taken;
        }
    }
}
