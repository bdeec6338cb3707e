using System.Numerics;

namespace NetLoop.Fuzzing.Running;

/// <summary>The states of a parser that have been seen: 65,536 bits, each for what hashes to it.</summary>
internal sealed class StateMap
{
    private const int Bits = 65_536;

    private readonly ulong[] _seen = new ulong[Bits / 64];

    public int Count { get; private set; }

    /// <summary>Remembers a state.</summary>
    /// <param name="state">Where the parser is.</param>
    /// <param name="code">What it found there.</param>
    /// <param name="length">How much of it; only its magnitude counts.</param>
    /// <returns>True when it is new.</returns>
    public bool Add(int state, int code, int length)
    {
        int magnitude = 32 - BitOperations.LeadingZeroCount((uint)length);
        uint mixed = ((((uint)state * 0x9E37_79B1) ^ (uint)code) * 0x85EB_CA77) ^ ((uint)magnitude * 0xC2B2_AE3D);
        mixed = (mixed ^ (mixed >> 15)) * 0x2C1B_3C6D;
        int bit = (int)(mixed >> 16);
        ulong mask = 1UL << (bit & 63);
        if ((_seen[bit >> 6] & mask) != 0)
        {
            return false;
        }

        _seen[bit >> 6] |= mask;
        Count++;
        return true;
    }
}
