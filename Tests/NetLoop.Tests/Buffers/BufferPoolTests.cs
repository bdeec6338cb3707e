using NetLoop.Buffers;
using NUnit.Framework;

namespace NetLoop.Tests.Buffers;

public sealed class BufferPoolTests
{
    private const int SlabBytes = 256 << 10;

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase((1 << 20) - 1)]
    public void Constructor_MaxBytesTooSmall_NamesOptionValueAndRange(long maxBytes)
    {
        Assert.That(
            () => new BufferPool(new BufferPoolOptions { MaxBytes = maxBytes }),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"BufferPoolOptions.MaxBytes is {maxBytes}; it must be at least 1048576"));
    }

    [Test]
    public void TryRent_EverySize_GivesAtLeastThatManyPinnedBytes()
    {
        var pool = new BufferPool();
        for (int bytes = 1; bytes <= 16 << 20; bytes = (bytes * 3) + 1)
        {
            Lease lease = Rent(pool, bytes);
            Assert.That(lease.Length, Is.GreaterThanOrEqualTo(bytes));
            Assert.That(lease.Span.Length, Is.EqualTo(lease.Length));
            lease.Return();
        }

        Assert.That(pool.Statistics.RentedBytes, Is.Zero);
    }

    [Test]
    public void TryRent_ManyAtOnce_NeverOverlap()
    {
        var pool = new BufferPool();
        Lease[] leases = [.. Enumerable.Range(0, 3000).Select(i => Rent(pool, 200 + (i % 1000)))];
        for (int i = 0; i < leases.Length; i++)
        {
            leases[i].Span.Fill((byte)(i % 251));
        }

        for (int i = 0; i < leases.Length; i++)
        {
            Assert.That(leases[i].Span.IndexOfAnyExcept((byte)(i % 251)), Is.EqualTo(-1), $"lease {i}");
        }
    }

    [Test]
    public void TryRent_MoreThanTheLargestLease_IsRefused()
    {
        var pool = new BufferPool();
        Assert.That(pool.TryRent(BufferPool.MaxLeaseBytes + 1, "test", out Lease lease), Is.False);
        Assert.That(lease.IsEmpty);
        Assert.That(pool.TryRent(int.MaxValue, "test", out _), Is.False);
        Assert.That(pool.Statistics.Rents, Is.Zero);
    }

    [Test]
    public void TryRent_NothingAskedFor_BreaksInvariant([Values(0, -1)] int bytes)
    {
        var pool = new BufferPool();
        Assert.That(() => pool.TryRent(bytes, "test", out _), Throws.TypeOf<InvariantViolationException>());
    }

    [Test]
    public void TryRent_BeyondMaxBytes_IsRefusedUntilABlockComesBack()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 4 * SlabBytes });
        Lease[] all = [.. Enumerable.Range(0, 4).Select(_ => Rent(pool, SlabBytes))];

        Assert.That(pool.TryRent(SlabBytes, "test", out _), Is.False);
        Assert.That(pool.TryRent(1, "test", out _), Is.False);
        Assert.That(pool.Statistics, Is.EqualTo(new BufferPoolStatistics(4, 4 * SlabBytes, 4 * SlabBytes, Rents: 4, Misses: 4)));

        all[2].Return();
        Assert.That(pool.TryRent(SlabBytes, "test", out _), Is.True);
    }

    [Test]
    public void TryRent_BudgetHeldByUnusedSlabsOfOtherSizes_GivesThemUpFirst()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 1 << 20 });
        foreach (int bytes in new[] { 256, 1 << 10, 4 << 10, 16 << 10 })
        {
            Rent(pool, bytes).Return();
        }

        Assert.That(pool.Statistics.SlabBytes, Is.EqualTo(1 << 20), "each size keeps its slab");
        Lease large = Rent(pool, 1 << 20);
        Assert.That(pool.Statistics.SlabBytes, Is.EqualTo(1 << 20), "the four were given up for one");
        large.Return();
    }

    [Test]
    public void TryRent_BudgetHeldByAnUnusedSlabBesideAUsedOne_GivesUpOnlyTheUnused([Values] bool unusedFirst)
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 4 * SlabBytes });
        Lease[] slab = [.. Enumerable.Range(0, 64).Select(_ => Rent(pool, 4 << 10))];
        Lease second = Rent(pool, 4 << 10);
        (unusedFirst ? second : slab[0]).Return();
        (unusedFirst ? slab[0] : second).Return();

        for (int i = 0; i < 3; i++)
        {
            Rent(pool, SlabBytes);
        }

        Assert.That(pool.Statistics.SlabBytes, Is.EqualTo(4 * SlabBytes));
        slab[1].Span.Fill(1);
        Assert.That(pool.TryRent(4 << 10, "test", out _), Is.True, "the used slab still has a free block");
    }

    [Test]
    public void Return_AfterABurst_KeepsOneSixteenthOfTheBudgetASize()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 64 << 20 });
        Lease[] burst = [.. Enumerable.Range(0, 100).Select(_ => Rent(pool, SlabBytes))];
        Array.ForEach(burst, lease => lease.Return());
        Assert.That(pool.Statistics.SlabBytes, Is.EqualTo(4 << 20));

        Rent(pool, 16 << 20).Return();
        Assert.That(pool.Statistics.SlabBytes, Is.EqualTo((4 << 20) + BufferPool.MaxLeaseBytes), "at least one slab of each size");
    }

    [Test]
    public void Return_Twice_BreaksInvariantAndNamesTheOwner()
    {
        var pool = new BufferPool();
        Lease lease = Rent(pool, 100, "the culprit");
        lease.Return();
        Assert.That(lease.Return, Throws.TypeOf<InvariantViolationException>().With.Message.Contains("the culprit"));

        // A copy of a stale lease does not take the block from its new owner.
        Lease next = Rent(pool, 100);
        Assert.That(lease.Return, Throws.TypeOf<InvariantViolationException>());
        next.Return();
        Assert.That(pool.Statistics.RentedLeases, Is.Zero);
    }

    [Test]
    public void Return_EmptyLease_BreaksInvariant()
    {
        Assert.That(default(Lease).Return, Throws.TypeOf<InvariantViolationException>());
    }

    [Test]
    public void Span_AfterReturn_BreaksInvariant()
    {
        var pool = new BufferPool();
        Lease lease = Rent(pool, 100);
        lease.Return();
        Assert.That(() => lease.Span.Length, Throws.TypeOf<InvariantViolationException>());

        Rent(pool, 100);
        Assert.That(() => lease.Span.Length, Throws.TypeOf<InvariantViolationException>(), "the block has another owner now");
    }

    [Test]
    public void Span_EmptyLease_IsEmpty()
    {
        Lease lease = default;
        Assert.That(lease.IsEmpty);
        Assert.That(lease.Length, Is.Zero);
        Assert.That(lease.Span.Length, Is.Zero);
    }

    [Test]
    public void Return_Diagnostics_PoisonsTheBlock()
    {
        var pool = new BufferPool(new BufferPoolOptions { Diagnostics = true });
        Lease lease = Rent(pool, 300);
        Span<byte> memory = lease.Span;
        memory.Fill(7);
        lease.Return();
        Assert.That(memory.IndexOfAnyExcept((byte)0xDD), Is.EqualTo(-1));
    }

    [Test]
    public void TryRent_DiagnosticsAndWriteAfterReturn_BreaksInvariant()
    {
        var pool = new BufferPool(new BufferPoolOptions { Diagnostics = true });
        Lease lease = Rent(pool, 300);
        Span<byte> memory = lease.Span;
        lease.Return();
        memory[17] = 1;
        Assert.That(() => pool.TryRent(300, "test", out _), Throws.TypeOf<InvariantViolationException>().With.Message.Contains("byte 17"));
    }

    [Test]
    public void OutstandingOwners_Diagnostics_ListsOneEntryALease()
    {
        var pool = new BufferPool(new BufferPoolOptions { Diagnostics = true });
        Rent(pool, 100, "zebra");
        Lease returned = Rent(pool, 100, "gone");
        Rent(pool, 9000, "ant");
        Rent(pool, 100, "zebra");
        returned.Return();
        Assert.That(pool.OutstandingOwners(), Is.EqualTo(["ant", "zebra", "zebra"]));
    }

    [Test]
    public void Statistics_RandomRentsAndReturns_AreExact([Values] bool diagnostics)
    {
        const long maxBytes = 24 << 20;
        var random = new Random(20260117);
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = maxBytes, Diagnostics = diagnostics });
        var held = new List<Lease>();
        long heldBytes = 0;
        long rents = 0;
        int refusals = 0;

        // In diagnostics mode every byte is poisoned and verified, hence fewer rounds.
        for (int round = 0; round < (diagnostics ? 5_000 : 100_000); round++)
        {
            if (held.Count == 0 || random.Next(100) < 52)
            {
                if (pool.TryRent(1 + random.Next(1 << random.Next(20)), "test", out Lease lease))
                {
                    held.Add(lease);
                    heldBytes += lease.Length;
                    rents++;
                }
                else
                {
                    refusals++;
                }
            }
            else
            {
                int index = random.Next(held.Count);
                heldBytes -= held[index].Length;
                held[index].Return();
                held[index] = held[^1];
                held.RemoveAt(held.Count - 1);
            }

            BufferPoolStatistics statistics = pool.Statistics;
            if (statistics.RentedLeases != held.Count || statistics.RentedBytes != heldBytes || statistics.Rents != rents
                || statistics.SlabBytes < heldBytes || statistics.SlabBytes > maxBytes)
            {
                Assert.Fail($"round {round}: {statistics} with {held.Count} leases of {heldBytes} bytes held after {rents} rents");
            }
        }

        Assert.That(diagnostics || refusals > 0, "the run never met the limit");
        held.ForEach(lease => lease.Return());
        Assert.That(pool.Statistics.RentedBytes, Is.Zero);
        Assert.That(pool.OutstandingOwners(), Is.Empty);
    }

    [Test]
    public void TryRent_FromManyThreads_NeverSharesABlock()
    {
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 8 << 20 });
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            var random = new Random(thread);
            var held = new Queue<Lease>();
            for (int round = 0; round < 20_000; round++)
            {
                if (held.Count < 32 && pool.TryRent(1 + random.Next(8192), "test", out Lease lease))
                {
                    lease.Span.Fill((byte)thread);
                    held.Enqueue(lease);
                }
                else if (held.TryDequeue(out lease))
                {
                    Assert.That(lease.Span.IndexOfAnyExcept((byte)thread), Is.EqualTo(-1));
                    lease.Return();
                }
            }

            while (held.TryDequeue(out Lease lease))
            {
                lease.Return();
            }
        });

        Assert.That(pool.Statistics.RentedLeases, Is.Zero);
        Assert.That(pool.Statistics.RentedBytes, Is.Zero);
    }

    [Test]
    public void TryRent_SteadyState_AllocatesNothing()
    {
        var pool = new BufferPool();
        var held = new Lease[64];
        RentAndReturnAll(pool, held);
        long misses = pool.Statistics.Misses;
        Assert.That(Allocations.Of(() => RentAndReturnAll(pool, held)), Is.Zero);
        Assert.That(pool.Statistics.Misses, Is.EqualTo(misses));
    }

    private static void RentAndReturnAll(BufferPool pool, Lease[] held)
    {
        for (int i = 0; i < held.Length; i++)
        {
            pool.TryRent(1 << (i % 17), "test", out held[i]);
        }

        foreach (Lease lease in held)
        {
            lease.Return();
        }
    }

    private static Lease Rent(BufferPool pool, int bytes, string owner = "test")
    {
        Assert.That(pool.TryRent(bytes, owner, out Lease lease), Is.True, $"rent of {bytes} bytes");
        return lease;
    }
}
