using System.Numerics;

namespace NetLoop.Fuzzing.Mutation;

/// <summary>Random numbers that depend only on the seed, on every machine: xoshiro256**, seeded by splitmix64.</summary>
internal sealed class FuzzRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public FuzzRandom(ulong seed) => Reseed(seed);

    /// <summary>Starts again with another seed.</summary>
    public void Reseed(ulong seed)
    {
        _a = Split(ref seed);
        _b = Split(ref seed);
        _c = Split(ref seed);
        _d = Split(ref seed);
    }

    public ulong Next64()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Returns a number from 0 up to the limit, which is excluded and at least 1.</summary>
    public int Below(int limit) => (int)(((Next64() >> 32) * (ulong)limit) >> 32);

    /// <summary>Returns true with a probability of one in the given number.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public byte NextByte() => (byte)(Next64() >> 56);

    private static ulong Split(ref ulong seed)
    {
        seed += 0x9E3779B97F4A7C15;
        ulong mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
