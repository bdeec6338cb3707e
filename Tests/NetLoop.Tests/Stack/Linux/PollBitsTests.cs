using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

/// <summary>The bits of poll(2) and epoll(7), copied from the manual.</summary>
[Parallelizable]
public sealed class PollBitsTests
{
    private const uint In = 1;
    private const uint Priority = 2;
    private const uint Out = 4;
    private const uint Error = 8;
    private const uint HangUp = 16;
    private const uint Invalid = 32;

    [Test]
    public void ToReadiness_EveryCombination_IsWhatTheManualSays()
    {
        for (uint bits = 0; bits < 64; bits++)
        {
            bool isFailed = (bits & (Error | HangUp | Invalid)) != 0;
            Readiness expected = Readiness.None;
            expected |= (bits & In) != 0 || isFailed ? Readiness.Readable : Readiness.None;
            expected |= (bits & Out) != 0 ? Readiness.Writable : Readiness.None;
            expected |= isFailed ? Readiness.Failed : Readiness.None;
            Assert.That(PollBits.ToReadiness(bits), Is.EqualTo(expected), $"{bits}");
        }

        Assert.That(PollBits.ToReadiness(Priority), Is.EqualTo(Readiness.None));
    }

    [TestCase(Interest.None, 0u)]
    [TestCase(Interest.Readable, In)]
    [TestCase(Interest.Writable, Out)]
    [TestCase(Interest.Readable | Interest.Writable, In | Out)]
    public void From_EachInterest_IsItsBits(Interest interest, uint bits) => Assert.That(PollBits.From(interest), Is.EqualTo(bits));
}
