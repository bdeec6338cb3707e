using NUnit.Framework;
using NetLoop.Sessions.Limits;

namespace NetLoop.Tests.Sessions;

[Parallelizable(ParallelScope.All)]
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

    [Test]
    public void TryTake_RefusedAgainAndAgain_FillsAsTimePassesAndNotByTheAsking()
    {
        var bucket = new TokenBucket(burst: 1, now: 0);
        Assert.That(bucket.TryTake(1, 1, 1, now: 0), Is.True);
        for (int i = 0; i <= 1_000; i++)
        {
            Assert.That(bucket.TryTake(2, 1, 1, now: 0), Is.False);
        }

        Assert.That(bucket.TryTake(2, 1, 1, now: Second / 2), Is.True, "half of one is not nothing");
        Assert.That(bucket.TryTake(2, 1, 1, now: 2 * Second), Is.False, "a debt of one and a half is paid after one and a half seconds");
        Assert.That(bucket.TryTake(2, 1, 1, now: (2 * Second) + 1_000_000), Is.True);
    }

    [Test]
    public void TryTake_LoopStandsStillTwice_GivesForEachTimeOnce()
    {
        var bucket = new TokenBucket(burst: 2, now: 0, stalled: 5 * Second);
        Assert.That(TakeAll(ref bucket, now: 0, stalled: 5 * Second), Is.EqualTo(2), "what was before it was made does not count");
        Assert.That(TakeAll(ref bucket, now: 3 * Second, stalled: 8 * Second), Is.EqualTo(3));
        Assert.That(TakeAll(ref bucket, now: 3 * Second, stalled: 8 * Second), Is.Zero);
        Assert.That(TakeAll(ref bucket, now: 7 * Second, stalled: 12 * Second), Is.EqualTo(4));
    }

    [Test]
    public void TryTake_StandsStillInDebt_PaysBackFirst()
    {
        var bucket = new TokenBucket(burst: 2, now: 0);
        Assert.That(bucket.TryTake(12, 1, 2, now: 0), Is.True);
        Assert.That(TakeAll(ref bucket, now: 30 * Second, stalled: 25 * Second), Is.EqualTo(20), "5 s in which it paid back to 5 below nothing, and 25 on top");
    }

    private static int TakeAll(ref TokenBucket bucket, long now, long stalled)
    {
        int taken = 0;
        while (taken < 1_000 && bucket.TryTake(1, 1, 2, now, stalled))
        {
            taken++;
        }

        return taken;
    }
}
