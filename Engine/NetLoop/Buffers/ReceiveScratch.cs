using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>
/// The buffer into which a loop receives first. Messages on their way to their handlers may point into it; until they are handled, receives go into the
/// memory after them.
/// </summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class ReceiveScratch
{
    /// <summary>Maximum number of bytes of one receive.</summary>
    public const int ReceiveBytes = 64 * 1024;

    /// <summary>Maximum number of lent bytes before handlers must run, so that received data is still in the L1 and L2 caches when they reply.</summary>
    public const int MaxLentBytes = 16 * 1024;

    private const int CacheLineBytes = 64;

    private readonly byte[] _memory = GC.AllocateUninitializedArray<byte>(MaxLentBytes + ReceiveBytes, pinned: true);

    /// <summary>The memory for the next receive, as long as the largest receive. It does not move while nothing is lent.</summary>
    public Span<byte> Room => _memory.AsSpan(LentBytes, ReceiveBytes);

    /// <summary>Bytes at the front that messages point into, or that lie between such bytes.</summary>
    public int LentBytes { get; private set; }

    /// <summary>Whether nothing may be received until <see cref="TakeBack"/>.</summary>
    public bool IsFull => LentBytes >= MaxLentBytes;

    /// <summary>The number of the current loans, or of the next ones.</summary>
    public uint Loan { get; private set; }

    /// <summary>Lends some received bytes until <see cref="TakeBack"/>.</summary>
    /// <param name="bytes">Part of the bytes received into <see cref="Room"/>, or of other memory.</param>
    /// <param name="lent">The same bytes.</param>
    /// <returns>False if they are in other memory.</returns>
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
