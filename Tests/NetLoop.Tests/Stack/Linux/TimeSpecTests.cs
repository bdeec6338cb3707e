using System.Runtime.InteropServices;
using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

internal sealed class TimeSpecTests
{
    [TestCase(0, 0, 0)]
    [TestCase(999_999_999, 0, 999_999_999)]
    [TestCase(1_000_000_000, 1, 0)]
    [TestCase(1_500_000_001, 1, 500_000_001)]
    [TestCase(3_600_000_000_007, 3_600, 7)]
    public void Constructor_Nanoseconds_AreWholeSecondsAndTheRest(long nanoseconds, long seconds, long rest)
    {
        var time = new TimeSpec(nanoseconds);
        long[] fields = MemoryMarshal.Cast<TimeSpec, long>(MemoryMarshal.CreateReadOnlySpan(in time, 1)).ToArray();
        Assert.That(fields, Is.EqualTo(new[] { seconds, rest }));
    }
}
