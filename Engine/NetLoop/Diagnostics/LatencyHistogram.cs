using System.Numerics;

namespace NetLoop;

/// <summary>How long things took: counts durations in buckets about 1.6 % wide, from a nanosecond to centuries, in 30 KiB.</summary>
/// <remarks>
/// Thread: one writer; readers on another thread see numbers that may not belong together. Errors: none. No allocation after construction.
/// Log-linear buckets after HdrHistogram: each power of two is cut into 64 equal parts, and values below 128 have a bucket each.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int Octaves = 63 - SubBucketBits;

    private readonly long[] _counts = new long[(Octaves + 1) * SubBuckets];
    private double _sum;

    /// <summary>Durations recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, in nanoseconds, exactly; 0 when nothing was recorded.</summary>
    public long Max { get; private set; }

    /// <summary>The average in nanoseconds; 0 when nothing was recorded.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Counts one duration.</summary>
    /// <param name="nanoseconds">A negative one counts as 0.</param>
    public void Record(long nanoseconds) => Record(nanoseconds, 1);

    /// <summary>Counts one duration several times.</summary>
    /// <param name="nanoseconds">A negative one counts as 0.</param>
    /// <param name="count">How many took so long; at least 1.</param>
    public void Record(long nanoseconds, long count)
    {
        long value = Math.Max(0, nanoseconds);
        _counts[IndexOf(value)] += count;
        Count += count;
        _sum += (double)value * count;
        Max = Math.Max(Max, value);
    }

    /// <summary>The duration that a share of all recorded ones do not exceed, rounded up to the end of its bucket.</summary>
    /// <param name="p">Percent, 0 to 100: 99.9 asks for what 999 of 1000 stayed within.</param>
    /// <returns>Nanoseconds, at most <see cref="Max"/>; 0 when nothing was recorded.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The percentage is outside 0 to 100.</exception>
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

    /// <summary>Counts what another histogram has counted.</summary>
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

    /// <summary>Takes away what an earlier copy of this histogram had counted: what is left was recorded since.</summary>
    /// <param name="earlier">Its counts are no higher than those here; the longest duration that is left is known to its bucket only.</param>
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

    /// <summary>Forgets everything.</summary>
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
