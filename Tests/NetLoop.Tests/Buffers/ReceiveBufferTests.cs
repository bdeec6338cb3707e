using NetLoop.Buffers;
using NUnit.Framework;

namespace NetLoop.Tests.Buffers;

public sealed class ReceiveBufferTests
{
    private BufferPool _pool = null!;

    [SetUp]
    public void MakePool() => _pool = new BufferPool(new BufferPoolOptions { MaxBytes = 1 << 20, Diagnostics = true });

    [TearDown]
    public void EveryTestReturnsItsLeases() => Assert.That(_pool.OutstandingOwners(), Is.Empty);

    [Test]
    public void Default_HoldsNothing()
    {
        ReceiveBuffer buffer = default;
        Assert.That(buffer.IsEmpty);
        Assert.That(buffer.Unread.Length, Is.Zero);
        buffer.Release();
    }

    [Test]
    public void TryKeep_NothingLeft_RentsNothing()
    {
        ReceiveBuffer buffer = default;
        Assert.That(buffer.TryKeep(_pool, []), Is.True);
        Assert.That(_pool.Statistics.Rents, Is.Zero);
    }

    [Test]
    public void TryKeep_PartialFrame_IsSizedByWhatWasReceived()
    {
        // A length prefix that announces 16 MiB, and three bytes of the body.
        byte[] leftover = [1, 0, 0, 0, 7, 8, 9];
        ReceiveBuffer buffer = default;
        Assert.That(buffer.TryKeep(_pool, leftover), Is.True);
        Assert.That(buffer.Unread.ToArray(), Is.EqualTo(leftover));
        Assert.That(_pool.Statistics.RentedBytes, Is.EqualTo(256));
        buffer.Release();
    }

    [Test]
    public void TryKeep_NotEmpty_BreaksInvariant()
    {
        ReceiveBuffer buffer = default;
        buffer.TryKeep(_pool, [1]);
        Assert.That(() => buffer.TryKeep(_pool, [2]), Throws.TypeOf<InvariantViolationException>());
        buffer.Release();
    }

    [Test]
    public void TryKeep_PoolExhausted_IsFalseAndEmpty()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 1 << 20 });
        pool.TryRent(1 << 20, "test", out Lease all);
        ReceiveBuffer buffer = default;
        Assert.That(buffer.TryKeep(pool, [1, 2, 3]), Is.False);
        Assert.That(buffer.IsEmpty);
        all.Return();
        Assert.That(buffer.TryKeep(pool, [1, 2, 3]), Is.True);
        buffer.Release();
    }

    [Test]
    public void Consume_LastByte_ReturnsTheLease()
    {
        ReceiveBuffer buffer = default;
        buffer.TryKeep(_pool, [1, 2, 3]);
        buffer.Consume(2);
        Assert.That(buffer.Unread.ToArray(), Is.EqualTo([3]));
        Assert.That(_pool.Statistics.RentedLeases, Is.EqualTo(1));
        buffer.Consume(1);
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
    }

    [Test]
    public void Consume_MoreThanUnread_BreaksInvariant([Values(-1, 4, int.MaxValue)] int count)
    {
        ReceiveBuffer buffer = default;
        buffer.TryKeep(_pool, [1, 2, 3]);
        Assert.That(() => buffer.Consume(count), Throws.TypeOf<InvariantViolationException>());
        buffer.Release();
    }

    [Test]
    public void Received_MoreThanRoom_BreaksInvariant([Values(-1, 254, int.MaxValue)] int count)
    {
        ReceiveBuffer buffer = default;
        buffer.TryKeep(_pool, [1, 2, 3]);
        buffer.TryMakeRoom(_pool, 1000, out _);
        Assert.That(() => buffer.Received(count), Throws.TypeOf<InvariantViolationException>());
        buffer.Release();
    }

    [Test]
    public void Received_NothingAfterAll_ReturnsAnUnusedLease()
    {
        ReceiveBuffer buffer = default;
        Assert.That(buffer.TryMakeRoom(_pool, 1000, out _), Is.True);
        buffer.Received(0);
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
    }

    [Test]
    public void TryMakeRoom_AtTheLimit_IsFalseAndKeepsTheBytes()
    {
        ReceiveBuffer buffer = default;
        buffer.TryKeep(_pool, new byte[300]);
        Assert.That(buffer.TryMakeRoom(_pool, maxBytes: 301, out Span<byte> free), Is.True);
        Assert.That(free.Length, Is.EqualTo(1), "never beyond the limit, though the lease is larger");
        buffer.Received(1);
        Assert.That(buffer.TryMakeRoom(_pool, maxBytes: 301, out free), Is.False);
        Assert.That(free.Length, Is.Zero);
        Assert.That(buffer.Unread.Length, Is.EqualTo(301));
        buffer.Release();
    }

    [Test]
    public void TryMakeRoom_Full_MovesToTheNextSize()
    {
        ReceiveBuffer buffer = default;
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        buffer.TryKeep(_pool, bytes);
        Assert.That(buffer.TryMakeRoom(_pool, maxBytes: 64 << 10, out Span<byte> free), Is.True);
        Assert.That(free.Length, Is.EqualTo(1024 - 256));
        Assert.That(buffer.Unread.ToArray(), Is.EqualTo(bytes));
        Assert.That(_pool.Statistics.RentedBytes, Is.EqualTo(1024));
        buffer.Release();
    }

    [Test]
    public void TryMakeRoom_FullButMostlyConsumed_CompactsInstead()
    {
        ReceiveBuffer buffer = default;
        buffer.TryKeep(_pool, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        buffer.Consume(250);
        Assert.That(buffer.TryMakeRoom(_pool, maxBytes: 64 << 10, out Span<byte> free), Is.True);
        Assert.That(free.Length, Is.EqualTo(250));
        Assert.That(buffer.Unread.ToArray(), Is.EqualTo([250, 251, 252, 253, 254, 255]));
        Assert.That(_pool.Statistics.Rents, Is.EqualTo(1));
        buffer.Release();
    }

    [Test]
    public void TryMakeRoom_FullAndHardlyConsumed_MovesInsteadOfCopyingAgainAndAgain()
    {
        ReceiveBuffer buffer = default;
        buffer.TryKeep(_pool, new byte[256]);
        buffer.Consume(10);
        Assert.That(buffer.TryMakeRoom(_pool, maxBytes: 64 << 10, out Span<byte> free), Is.True);
        Assert.That(free.Length, Is.EqualTo(1024 - 246));
        buffer.Release();
    }

    [Test]
    public void TryMakeRoom_FullAndPoolExhausted_UsesTheRoomInFront()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 1 << 20 });
        ReceiveBuffer buffer = default;
        buffer.TryKeep(pool, new byte[256]);
        pool.TryRent(256 << 10, "test", out _);
        pool.TryRent(256 << 10, "test", out _);
        pool.TryRent(256 << 10, "test", out _);

        Assert.That(buffer.TryMakeRoom(pool, maxBytes: 1000, out _), Is.False);
        buffer.Consume(10);
        Assert.That(buffer.TryMakeRoom(pool, maxBytes: 1000, out Span<byte> free), Is.True);
        Assert.That(free.Length, Is.EqualTo(10));
        Assert.That(buffer.Unread.Length, Is.EqualTo(246));
    }

    [Test]
    public void Unread_RandomSplits_IsExactlyTheStream([Values(1, 2, 3, 4, 5)] int seed)
    {
        const int maxBytes = 5000;
        var random = new Random(seed);
        ReceiveBuffer buffer = default;
        byte next = 0;
        byte expected = 0;
        long received = 0;
        while (received < 500_000)
        {
            if (buffer.IsEmpty && random.Next(2) == 0)
            {
                byte[] leftover = new byte[random.Next(1, 600)];
                Produce(leftover, ref next);
                received += leftover.Length;
                Assert.That(buffer.TryKeep(_pool, leftover), Is.True);
            }
            else if (buffer.TryMakeRoom(_pool, maxBytes, out Span<byte> free))
            {
                Assert.That(free.Length, Is.InRange(1, maxBytes - buffer.Unread.Length));
                int count = random.Next(0, Math.Min(free.Length, 1500) + 1);
                Produce(free[..count], ref next);
                received += count;
                buffer.Received(count);
            }
            else
            {
                Assert.That(buffer.Unread.Length, Is.EqualTo(maxBytes), "room ends at the limit only");
            }

            int consumed = random.Next(3) switch { 0 => 0, 1 => buffer.Unread.Length, _ => random.Next(buffer.Unread.Length + 1) };
            foreach (byte actual in buffer.Unread[..consumed])
            {
                if (actual != expected++)
                {
                    Assert.Fail($"seed {seed}: wrong byte after {received} received");
                }
            }

            buffer.Consume(consumed);
        }

        buffer.Release();
    }

    private static void Produce(Span<byte> destination, ref byte next)
    {
        foreach (ref byte value in destination)
        {
            value = next++;
        }
    }
}
