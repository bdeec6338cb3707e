using NUnit.Framework;

namespace NetLoop.Tests.Diagnostics;

public sealed class LatencyHistogramTests
{
    [Test]
    public void New_IsAllZero()
    {
        var histogram = new LatencyHistogram();
        Assert.That((histogram.Count, histogram.Max, histogram.Mean, histogram.Percentile(99)), Is.EqualTo((0L, 0L, 0.0, 0L)));
    }

    [Test]
    public void Percentile_EveryMagnitude_IsWithinOneBucketAndNeverTooLow()
    {
        var random = new Random(1);
        for (int bits = 0; bits <= 63; bits++)
        {
            for (int i = 0; i < 50; i++)
            {
                long value = bits == 63 ? long.MaxValue - random.Next() : random.NextInt64(1L << bits, 1L << Math.Min(bits + 1, 62));
                var histogram = new LatencyHistogram();
                histogram.Record(value);

                // With a longer one beside it, the maximum does not hide the bucket's end.
                histogram.Record(long.MaxValue);
                long median = histogram.Percentile(50);
                Assert.That(median, Is.GreaterThanOrEqualTo(value));
                Assert.That(median - value, Is.LessThanOrEqualTo(value / 64), $"{value}");
            }
        }
    }

    [Test]
    public void Percentile_UniformValues_AgreesWithSorting()
    {
        var random = new Random(2);
        long[] values = [.. Enumerable.Range(0, 10_000).Select(_ => random.NextInt64(50_000_000))];
        var histogram = new LatencyHistogram();
        Array.ForEach(values, histogram.Record);
        Array.Sort(values);
        foreach (double p in new[] { 0.01, 1, 10, 50, 90, 99, 99.9, 99.99 })
        {
            long exact = values[(int)Math.Ceiling(p / 100 * values.Length) - 1];
            Assert.That(histogram.Percentile(p), Is.InRange(exact, exact + (exact / 64) + 1), $"p{p}");
        }

        Assert.That(histogram.Percentile(100), Is.EqualTo(values[^1]));
        Assert.That(histogram.Max, Is.EqualTo(values[^1]));
        Assert.That(histogram.Mean, Is.EqualTo(values.Average()).Within(1e-6).Percent);
    }

    [Test]
    public void Percentile_Zero_IsTheShortest()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(5);
        histogram.Record(100);
        Assert.That(histogram.Percentile(0), Is.EqualTo(5));
    }

    [TestCase(-0.1)]
    [TestCase(100.1)]
    [TestCase(double.NaN)]
    public void Percentile_OutOfRange_Throws(double p)
    {
        Assert.That(() => new LatencyHistogram().Percentile(p), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Record_Negative_CountsAsZero()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5);
        Assert.That((histogram.Count, histogram.Max, histogram.Mean), Is.EqualTo((1L, 0L, 0.0)));
    }

    [Test]
    public void Add_Other_IsAsIfRecordedHere()
    {
        var one = new LatencyHistogram();
        var other = new LatencyHistogram();
        one.Record(10);
        other.Record(20);
        other.Record(90);
        one.Add(other);
        Assert.That((one.Count, one.Max, one.Mean, one.Percentile(50)), Is.EqualTo((3L, 90L, 40.0, 20L)));
    }

    [Test]
    public void Reset_ForgetsEverything()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1000);
        histogram.Reset();
        Assert.That((histogram.Count, histogram.Max, histogram.Mean, histogram.Percentile(100)), Is.EqualTo((0L, 0L, 0.0, 0L)));
    }

    [Test]
    public void Record_WithACount_IsAsManyRecords()
    {
        var one = new LatencyHistogram();
        var each = new LatencyHistogram();
        one.Record(1_000, 3);
        one.Record(50_000, 1);
        foreach (long value in (long[])[1_000, 1_000, 1_000, 50_000])
        {
            each.Record(value);
        }

        Assert.That((one.Count, one.Max, one.Mean), Is.EqualTo((each.Count, each.Max, each.Mean)));
        Assert.That((one.Percentile(75), one.Percentile(76)), Is.EqualTo((each.Percentile(75), each.Percentile(76))));
    }

    [Test]
    public void Record_Always_AllocatesNothing()
    {
        var histogram = new LatencyHistogram();
        Assert.That(Allocations.Of(() => histogram.Record(histogram.Max + 1000)), Is.Zero);
    }

    [Test]
    public void Subtract_EarlierCopy_LeavesWhatCameSince()
    {
        var live = new LatencyHistogram();
        live.Record(1_000_000);
        live.Record(5);
        var earlier = new LatencyHistogram();
        earlier.Add(live);
        live.Record(7, 3);
        live.Subtract(earlier);
        Assert.That(live.Count, Is.EqualTo(3));
        Assert.That((live.Mean, live.Max, live.Percentile(50)), Is.EqualTo((7.0, 7L, 7L)));
        live.Subtract(live);
        Assert.That((live.Count, live.Max), Is.EqualTo((0L, 0L)));
    }
}
