using NetLoop.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

public sealed class RoundTripEstimatorTests
{
    private const long Millisecond = 1_000_000;

    [Test]
    public void Update_First_IsTakenAsItIs()
    {
        var estimator = default(RoundTripEstimator);
        estimator.Update(sentAt: 100 * Millisecond, receivedAt: 140 * Millisecond, peerTime: 1_120 * Millisecond);
        Assert.That(estimator.SmoothedRoundTrip, Is.EqualTo(40 * Millisecond));
        Assert.That(estimator.ClockOffset, Is.EqualTo(1_000 * Millisecond));
    }

    [Test]
    public void Update_Next_MovesByAnEighth()
    {
        var estimator = default(RoundTripEstimator);
        estimator.Update(0, 40 * Millisecond, 20 * Millisecond);
        estimator.Update(0, 120 * Millisecond, 60 * Millisecond);
        Assert.That(estimator.SmoothedRoundTrip, Is.EqualTo(50 * Millisecond));
        Assert.That(estimator.ClockOffset, Is.Zero);
    }

    [Test]
    public void Update_WhateverThePeerClaims_StaysInRange(
        [Values(0ul, 1ul, (ulong)long.MaxValue, 0x8000_0000_0000_0000ul, ulong.MaxValue)] ulong peerTime,
        [Values(0L, 1L, long.MaxValue / 4)] long receivedAt)
    {
        var estimator = default(RoundTripEstimator);
        for (int i = 0; i < 100; i++)
        {
            estimator.Update(sentAt: 0, receivedAt, peerTime);
            Assert.That(estimator.SmoothedRoundTrip, Is.InRange(1, 60_000 * Millisecond));
        }
    }
}
