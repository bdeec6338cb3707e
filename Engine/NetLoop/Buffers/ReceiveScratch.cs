using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>
/// Where a loop's receives land first. Messages on their way to their handlers may point into it; until they are done, receives land behind
/// them.
/// </summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class ReceiveScratch
{
    /// <summary>Most bytes of one receive.</summary>
    public const int ReceiveBytes = 64 * 1024;

    /// <summary>Most bytes lent before handlers must run, so that the received data is still in the processor's nearest caches when they reply.</summary>
    public const int MaxLentBytes = 16 * 1024;

    private const int CacheLineBytes = 64;

    private readonly byte[] _memory = GC.AllocateUninitializedArray<byte>(MaxLentBytes + ReceiveBytes, pinned: true);

    /// <summary>Where the next receive goes: as long as the largest one. Stays put while nothing is lent.</summary>
    public Span<byte> Room => _memory.AsSpan(LentBytes, ReceiveBytes);

    /// <summary>Bytes in front that messages point into, or that lie between such bytes.</summary>
    public int LentBytes { get; private set; }

    /// <summary>Whether nothing may be received before <see cref="TakeBack"/>.</summary>
    public bool IsFull => LentBytes >= MaxLentBytes;

    /// <summary>The number of the loans in force, or of the next ones.</summary>
    public uint Loan { get; private set; }

    /// <summary>Lends some received bytes until <see cref="TakeBack"/>.</summary>
    /// <param name="bytes">A part of what was received into <see cref="Room"/>, or of other memory.</param>
    /// <param name="lent">The same bytes.</param>
    /// <returns>False when they lie elsewhere.</returns>
    public bool TryLend(ReadOnlySpan<byte> bytes, out ReadOnlyMemory<byte> lent)
    {
        if (!_memory.AsSpan().Overlaps(bytes, out int start))
        {
            lent = default;
            return false;
        }

        lent = _memory.AsMemory(start, bytes.Length);
        LentBytes = Math.Min((start + bytes.Length + CacheLineBytes - 1) & -CacheLineBytes, _memory.Length);
        return true;
    }

    /// <summary>Ends all loans: later access to the lent bytes throws.</summary>
    public void TakeBack()
    {
        Invariant.Holds(LentBytes > 0);
        LentBytes = 0;
        Loan++;
    }
}
