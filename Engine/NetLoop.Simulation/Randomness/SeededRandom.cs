using System.Numerics;

namespace NetLoop.Simulation;

/// <summary>A stream of random numbers that is determined by a seed, on every machine and in every build.</summary>
/// <remarks>
/// Thread: one at a time. Not for secrets. The simulation has its own generator because the sequences of <see cref="Random"/> may change with the runtime.
/// Source: xoshiro256** 1.0, seeded by SplitMix64; Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021.
/// </remarks>
internal sealed class SeededRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    public SeededRandom(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>Creates a separate stream for one purpose: drawing from it does not affect the others.</summary>
    /// <param name="seed">The seed of the simulation.</param>
    /// <param name="purpose">The same number gives the same stream.</param>
    public static SeededRandom For(ulong seed, ulong purpose)
    {
        ulong mixed = purpose;
        return new SeededRandom(seed ^ SplitMix(ref mixed));
    }

    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Draws a number from 0 to <paramref name="bound"/> - 1.</summary>
    /// <param name="bound">At least 1.</param>
    public int Next(int bound) => (int)(((NextUInt64() >> 32) * (ulong)bound) >> 32);

    /// <summary>Draws a number from a range, both ends included.</summary>
    public int Between(int least, int most) => least + Next(most - least + 1);

    /// <summary>Draws a number from a range, both ends included.</summary>
    public long Between(long least, long most) => least + (long)Math.BigMul(NextUInt64(), (ulong)(most - least + 1), out _);

    /// <summary>Draws a number from 0 to just below 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns true with this probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Draws one of the two integers next to <paramref name="average"/>, so that the average of many draws is this value.</summary>
    public int CountOf(double average)
    {
        int whole = (int)average;
        return whole + (Chance(average - whole) ? 1 : 0);
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
