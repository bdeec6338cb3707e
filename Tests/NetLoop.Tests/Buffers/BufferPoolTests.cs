using NetLoop.Buffers;
using NetLoop.Stack.Linux;
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
    public void TryRent_MoreThanTheLargestLease_IsRejected()
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
    public void TryRent_BeyondMaxBytes_IsRejectedUntilABlockComesBack()
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

    [TestCase(true)]
    [TestCase(false)]
    public void Return_AfterABurst_KeepsOneSixteenthOfTheBudget(bool canVacate)
    {
        var source = new CountedSlabs { CanVacate = canVacate };
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 64 << 20, Source = source });
        Lease[] burst = [.. Enumerable.Range(0, 100).Select(_ => Rent(pool, SlabBytes))];
        Array.ForEach(burst, lease => lease.Return());
        Assert.That(pool.Statistics.SlabBytes, Is.EqualTo(4 << 20));
        Assert.That(source.HeldBytes, Is.EqualTo(canVacate ? 100 * SlabBytes : 4 << 20));
        Assert.That(source.VacatedBytes, Is.EqualTo(canVacate ? 84 * SlabBytes : 0));

        Rent(pool, 16 << 20).Return();
        Assert.That(pool.Statistics.SlabBytes, Is.EqualTo(4 << 20), "a slab of a large block is not kept on top of that");
        Rent(pool, 1).Return();
        Assert.That(pool.Statistics.SlabBytes, Is.EqualTo((4 << 20) + SlabBytes), "each small size keeps one slab in any case");
    }

    [Test]
    public void TryRent_VacatedSlabs_AreUsedAgainAndNoneIsAllocated()
    {
        var source = new CountedSlabs { CanVacate = true };
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 16 << 20, Source = source, Diagnostics = true });
        for (int round = 0; round < 3; round++)
        {
            Lease[] burst = [.. Enumerable.Range(0, 64).Select(_ => Rent(pool, SlabBytes))];
            Assert.That(pool.Statistics.SlabBytes, Is.EqualTo(16 << 20));
            Array.ForEach(burst, lease => lease.Return());
            Assert.That(pool.Statistics.SlabBytes, Is.EqualTo(1 << 20));
        }

        Assert.That(pool.Statistics.Misses, Is.EqualTo(64));
        Assert.That(source.Allocations, Is.EqualTo(64));
    }

    [Test]
    public void TryRent_AllLimitHeldByVacantSlabs_CutsThemAnewOrDropsThem()
    {
        var source = new CountedSlabs { CanVacate = true };
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = 8 << 20, Source = source, Diagnostics = true });
        Lease[] burst = [.. Enumerable.Range(0, 32).Select(_ => Rent(pool, SlabBytes))];
        Array.ForEach(burst, lease => lease.Return());

        Lease[] small = [.. Enumerable.Range(0, 2_048).Select(_ => Rent(pool, 256))];
        Assert.That(source.Allocations, Is.EqualTo(32), "two slabs were cut anew");
        Lease[] large = [Rent(pool, 4 << 20), Rent(pool, 1 << 20)];
        Assert.That(source.HeldBytes, Is.LessThanOrEqualTo(8 << 20));
        Assert.That(pool.HeldBytes, Is.EqualTo(source.HeldBytes));
        Assert.That(pool.Statistics.SlabBytes, Is.GreaterThanOrEqualTo((5 << 20) + (2 * SlabBytes)));
        Array.ForEach([.. small, .. large], lease => lease.Return());
    }

    [Test]
    public void TryRent_AllocationFails_IsRejectedAsAtTheLimitAndUnusedSlabsServe()
    {
        var source = new CountedSlabs();
        var pool = new BufferPool(new BufferPoolOptions { Source = source });
        Rent(pool, 300).Return();
        source.Fails = true;
        Lease cutAnew = Rent(pool, SlabBytes);
        Assert.That(pool.TryRent(1, "test", out Lease refused), Is.False);
        Assert.That(refused.IsEmpty);
        Assert.That(pool.Statistics, Is.EqualTo(new BufferPoolStatistics(1, SlabBytes, SlabBytes, Rents: 2, Misses: 2)));
        Assert.That(pool.HeldBytes, Is.EqualTo(SlabBytes));

        source.Fails = false;
        Rent(pool, 1).Return();
        cutAnew.Return();
        Assert.That(pool.HeldBytes, Is.EqualTo(source.HeldBytes));
    }

    [TestCase(1, true)]
    [TestCase(1 << 20, true)]
    [TestCase((1 << 20) + 1, false)]
    [TestCase(BufferPool.MaxLeaseBytes, false)]
    [TestCase(int.MaxValue, false)]
    public void CanEverRent_PoolOfTwoMegabytes_KnowsItsLargestBlock(int bytes, bool expected) =>
        Assert.That(new BufferPool(new BufferPoolOptions { MaxBytes = 2 << 20 }).CanEverRent(bytes), Is.EqualTo(expected));

    [Test]
    public void MaxBytes_Default_IsAQuarterOfWhatTheProcessMayHaveUpTo256MiB()
    {
        long quarter = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
        Assert.That(new BufferPoolOptions().MaxBytes, Is.EqualTo(Math.Min(quarter, 256 << 20)));
        Assert.That(new NetServerOptions().MaxBufferBytes, Is.EqualTo(new BufferPoolOptions().MaxBytes));
    }

    [Test]
    public void TryVacate_PinnedSlab_GivesItsPagesBackAndStaysUsable()
    {
        var source = new PinnedSlabs(OperatingSystem.IsLinux() ? PageMemory.TryVacate : null);
        byte[] slab = source.TryAllocate(SlabBytes)!;
        slab.AsSpan().Fill(7);
        if (!source.TryVacate(slab))
        {
            Assert.That(OperatingSystem.IsLinux(), Is.False, "Linux takes pages back");
            Assert.Ignore("This platform takes no pages back.");
        }

        int page = Environment.SystemPageSize;
        Assert.That(slab.AsSpan()[page..^page].IndexOfAnyExcept((byte)0), Is.EqualTo(-1), "pages that went back read as zeros");
        slab.AsSpan().Fill(9);
        GC.Collect();
        Assert.That(slab.AsSpan().IndexOfAnyExcept((byte)9), Is.EqualTo(-1));
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
    public void Statistics_RandomRentsAndReturns_AreExact([Values] bool diagnostics, [Values] bool canVacate)
    {
        const long maxBytes = 24 << 20;
        var random = new Random(20260117);
        var source = new CountedSlabs { CanVacate = canVacate };
        var pool = new BufferPool(new BufferPoolOptions { MaxBytes = maxBytes, Diagnostics = diagnostics, Source = source });
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
                || statistics.SlabBytes < heldBytes
                    || statistics.SlabBytes > pool.HeldBytes
                    || pool.HeldBytes != source.HeldBytes
                    || source.HeldBytes > maxBytes)
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
