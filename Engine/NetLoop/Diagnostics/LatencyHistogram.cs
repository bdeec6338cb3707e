using System.Numerics;

namespace NetLoop;

/// <summary>A histogram of durations, from a nanosecond to centuries, with buckets about 1.6 % wide. Takes 30 KiB.</summary>
/// <remarks>
/// Thread: one writer; readers on other threads may see numbers that are not consistent with each other. Errors: none. No allocation after construction.
/// Log-linear buckets, as in HdrHistogram: each power of two is cut into 64 equal parts, and values below 128 have a bucket each.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int Octaves = 63 - SubBucketBits;

    private readonly long[] _counts = new long[(Octaves + 1) * SubBuckets];
    private double _sum;

    /// <summary>Number of durations recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The exact longest duration in nanoseconds; 0 if nothing was recorded.</summary>
    public long Max { get; private set; }

    /// <summary>The average duration in nanoseconds; 0 if nothing was recorded.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Records one duration.</summary>
    /// <param name="nanoseconds">The duration; a negative value counts as 0.</param>
    public void Record(long nanoseconds) => Record(nanoseconds, 1);

    /// <summary>Records one duration several times.</summary>
    /// <param name="nanoseconds">The duration; a negative value counts as 0.</param>
    /// <param name="count">How often to record it; at least 1.</param>
    public void Record(long nanoseconds, long count)
    {
        long value = Math.Max(0, nanoseconds);
        _counts[IndexOf(value)] += count;
        Count += count;
        _sum += (double)value * count;
        Max = Math.Max(Max, value);
    }

    /// <summary>Returns a percentile of the recorded durations, rounded up to the end of its bucket.</summary>
    /// <param name="p">The percentile, 0 to 100: 999 of 1000 durations are at most the percentile 99.9.</param>
    /// <returns>Nanoseconds, at most <see cref="Max"/>; 0 if nothing was recorded.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The percentile is outside 0 to 100.</exception>
    public long Percentile(double p)
    {
        if (!(p is >= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(p), $"p is {p}; it must be 0 to 100 percent.");
        }

        long rank = Math.Max(1, (long)Math.Ceiling(p / 100 * Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Min(HighestIn(i), Max);
            }
        }

        return Max;
    }

    /// <summary>Adds the durations of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        _sum += other._sum;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>Subtracts an earlier copy of this histogram, so that only the durations recorded since then are left.</summary>
    /// <param name="earlier">The earlier copy. After the subtraction, <see cref="Max"/> is only as exact as its bucket.</param>
    public void Subtract(LatencyHistogram earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        int longest = -1;
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] -= earlier._counts[i];
            longest = _counts[i] > 0 ? i : longest;
        }

        Count -= earlier.Count;
        _sum -= earlier._sum;
        Max = longest < 0 ? 0 : Math.Min(HighestIn(longest), Max);
    }

    /// <summary>Removes all recorded durations.</summary>
    public void Reset()
    {
        Array.Clear(_counts);
        Count = 0;
        _sum = 0;
        Max = 0;
    }

    // Below 128 the index is the value. Above, the leading seven bits of the value (64 to 127) choose within the octave.
    private static int IndexOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value) - SubBucketBits);
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    private static long HighestIn(int index)
    {
        int shift = Math.Max(0, (index / SubBuckets) - 1);
        long leading = index - (shift * SubBuckets);
        return ((leading + 1) << shift) - 1;
    }
}
