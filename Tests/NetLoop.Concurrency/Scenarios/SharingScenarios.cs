using Microsoft.Extensions.ObjectPool;
using NetLoop.Buffers;
using NetLoop.Sessions.Groups;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>Memory that several threads use.</summary>
internal static class SharingScenarios
{
    [Scenario(InterleavesFields = true)]
    public static void SharedBody_ReleasedByAll_IsReturnedOnce()
    {
        var memory = new BufferPool(new BufferPoolOptions { Diagnostics = true, SlabBytes = 16 << 10, MaxBytes = 1 << 20 });
        var policy = new SharedBody.Policy();
        var pool = new DefaultObjectPool<SharedBody>(policy, 4);
        policy.Pool = pool;
        for (byte round = 1; round < 3; round++)
        {
            memory.TryRent(100, "shared", out Lease lease);
            lease.Span.Fill(round);
            SharedBody body = pool.Get();
            body.Hold(lease, 50, holders: 3, except: null);
            byte expected = round;
            void Send()
            {
                Expect.That(body.Bytes.Length == 50 && body.Bytes.IndexOfAnyExcept(expected) < 0, "its bytes are another's");
                body.Release();
            }

            Expect.AllEnd(Send, Send, Send);
            Expect.That(memory.Statistics.RentedLeases == 0, "not given back");
        }

        Expect.That(pool.Get() != pool.Get(), "one body for two broadcasts");
    }

    [Scenario(InterleavesFields = true)]
    public static void BufferPool_RentedAndReturnedByAll_GivesEachItsOwn()
    {
        var memory = new BufferPool(new BufferPoolOptions { Diagnostics = true, SlabBytes = 4 << 10, MaxBytes = 1 << 20 });
        void Use(byte mine)
        {
            for (int i = 0; i < 2; i++)
            {
                Expect.That(memory.TryRent(1000, "scenario", out Lease lease), "no memory");
                lease.Span.Fill(mine);
                Thread.Yield();
                Expect.That(lease.Span.IndexOfAnyExcept(mine) < 0, "two have one block");
                lease.Return();
            }
        }

        Expect.AllEnd(() => Use(1), () => Use(2));
        BufferPoolStatistics statistics = memory.Statistics;
        Expect.That(statistics.RentedLeases == 0 && statistics.RentedBytes == 0 && statistics.Rents == 4, $"{statistics}");
    }
}
