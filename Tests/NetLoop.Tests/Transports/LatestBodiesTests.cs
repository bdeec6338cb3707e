using NUnit.Framework;
using NetLoop.Buffers;
using NetLoop.Sending;
using NetLoop.Transports;

namespace NetLoop.Tests.Transports;

/// <summary>The bodies that wait for a peer that is behind: one for each key, bounded in number and bytes.</summary>
[Parallelizable]
public sealed class LatestBodiesTests
{
    private readonly BufferPool _pool = new(new BufferPoolOptions());

    [Test]
    public void TryHold_SameKey_ReplacesTheOlderBody()
    {
        var latest = new LatestBodies(_pool);
        Assert.That(latest.TryHold(new byte[100], Mode(1)), Is.True);
        Assert.That(latest.TryHold(new byte[40], Mode(1)), Is.True);
        Assert.That(latest.TryHold(new byte[300], Mode(1)), Is.True);
        Assert.That((latest.Count, latest.Bytes), Is.EqualTo((1, 300)));
        latest.Clear();
        Assert.That((latest.Count, latest.Bytes, _pool.Statistics.RentedLeases), Is.EqualTo((0, 0, 0L)));
    }

    [Test]
    public void TryHold_TooManyKeys_DropsTheNextOne()
    {
        var latest = new LatestBodies(_pool);
        for (int key = 0; key < LatestBodies.MaxBodies; key++)
        {
            Assert.That(latest.TryHold([1], Mode(key)), Is.True);
        }

        Assert.That(latest.TryHold([1], Mode(-1)), Is.False);
        Assert.That(latest.TryHold([1, 2], Mode(0)), Is.True, "a known key needs no room");
        Assert.That((latest.Count, latest.Bytes), Is.EqualTo((LatestBodies.MaxBodies, LatestBodies.MaxBodies + 1)));
        latest.Clear();
    }

    [Test]
    public void TryHold_TooManyBytes_DropsTheBodyAndTheOutdatedOne()
    {
        var latest = new LatestBodies(_pool);
        Assert.That(latest.TryHold(new byte[LatestBodies.MaxBytes - 10], Mode(1)), Is.True);
        Assert.That(latest.TryHold(new byte[10], Mode(2)), Is.True);
        Assert.That(latest.TryHold(new byte[11], Mode(2)), Is.False);
        Assert.That(latest.Bytes, Is.EqualTo(LatestBodies.MaxBytes - 10));
        Assert.That(latest.TryHold(new byte[10], Mode(2)), Is.True);
        latest.Clear();
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
    }

    private static SendMode Mode(long key) => new(Delivery.Sequenced, 0, 100, key);
}
