using NetLoop.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

public sealed class TokenBucketTests
{
    private const long Second = 1_000_000_000;

    [Test]
    public void TryTake_LoopStoodStill_WhatCameMeanwhileFitsOnTopOfTheBurst()
    {
        var bucket = new TokenBucket(burst: 10, now: 0);
        int taken = 0;
        while (bucket.TryTake(1, 5, 10, now: 21 * Second, stalled: 20 * Second))
        {
            taken++;
        }

        Assert.That(taken, Is.EqualTo(10 + (20 * 5)));
        Assert.That(bucket.TryTake(1, 5, 10, now: 22 * Second, stalled: 20 * Second), Is.True, "it fills again as before");
    }

    [Test]
    public void TryTake_Burst_ThenTheRate()
    {
        var bucket = new TokenBucket(burst: 10, now: 0);
        for (int i = 0; i < 10; i++)
        {
            Assert.That(bucket.TryTake(1, ratePerSecond: 5, burst: 10, now: 0), Is.True, $"{i}");
        }

        Assert.That(bucket.TryTake(1, 5, 10, now: 0), Is.False);
        Assert.That(bucket.TryTake(1, 5, 10, now: Second / 5), Is.True);
        Assert.That(bucket.TryTake(1, 5, 10, now: Second / 5), Is.False);
    }

    [Test]
    public void TryTake_AfterALongPause_IsFullAndNotMore()
    {
        var bucket = new TokenBucket(burst: 10, now: 0);
        int taken = 0;
        while (bucket.TryTake(1, 5, 10, now: 1000 * Second))
        {
            taken++;
        }

        Assert.That(taken, Is.EqualTo(10));
    }

    [Test]
    public void TryTake_MoreThanTheBurst_GoesIntoDebt()
    {
        var bucket = new TokenBucket(burst: 10, now: 0);
        Assert.That(bucket.TryTake(100, 10, 10, now: 0), Is.True);
        Assert.That(bucket.TryTake(1, 10, 10, now: 8 * Second), Is.False);
        Assert.That(bucket.TryTake(1, 10, 10, now: 10 * Second), Is.True);
    }
}
