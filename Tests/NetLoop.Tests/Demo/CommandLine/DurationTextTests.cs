using NetLoop.Demo.CommandLine;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.CommandLine;

[TestFixture]
[Parallelizable]
public sealed class DurationTextTests
{
    [TestCase("1ms", 1)]
    [TestCase("500ms", 500)]
    [TestCase("10s", 10_000)]
    [TestCase("0.5s", 500)]
    [TestCase("5m", 300_000)]
    [TestCase("1h", 3_600_000)]
    [TestCase("720h", 2_592_000_000)]
    public void TryParse_NumberWithUnit_IsThatLong(string text, double milliseconds)
    {
        Assert.That(DurationText.TryParse(text, out TimeSpan duration));
        Assert.That(duration, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("")]
    [TestCase("10")]
    [TestCase("s")]
    [TestCase("-1s")]
    [TestCase("0s")]
    [TestCase("0.5ms")]
    [TestCase("1 s")]
    [TestCase("1e3s")]
    [TestCase("10 minutes")]
    [TestCase("721h")]
    [TestCase("NaNs")]
    [TestCase("99999999999999999999999h")]
    public void TryParse_AnythingElse_IsRejected(string text) => Assert.That(DurationText.TryParse(text, out _), Is.False);
}
