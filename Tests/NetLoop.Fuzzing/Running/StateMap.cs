using System.Numerics;

namespace NetLoop.Fuzzing.Running;

/// <summary>The parser states seen so far: 65,536 bits, indexed by a hash of the state.</summary>
internal sealed class StateMap
{
    private const int Bits = 65_536;

    private readonly ulong[] _seen = new ulong[Bits / 64];

    public int Count { get; private set; }

    /// <summary>Records a state.</summary>
    /// <param name="state">The state of the parser.</param>
    /// <param name="code">What it found there.</param>
    /// <param name="length">The length of that; only its magnitude counts.</param>
    /// <returns>True if the state is new.</returns>
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
