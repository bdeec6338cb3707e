using System.Numerics;
using NetLoop.Buffers;
using NetLoop.Diagnostics;

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>Bytes in order of their positions, in one block of the pool, which is exchanged for a larger one when it is full.</summary>
internal struct ByteRing(BufferPool pool)
{
    private const int FirstBytes = 1024;

    private Lease _memory;

    // A power of two; blocks may be a little longer.
    private int _size;

    /// <summary>Position of the first byte.</summary>
    public long Begin { get; private set; }

    /// <summary>Position after the last byte.</summary>
    public long End { get; private set; }

    public readonly int Count => (int)(End - Begin);

    /// <summary>Appends bytes.</summary>
    /// <returns>False when the pool is exhausted.</returns>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (_size < Count + bytes.Length && !TryGrow(Count + bytes.Length))
        {
            return false;
        }

        Span<byte> memory = _memory.IsEmpty ? default : _memory.Span[.._size];
        int at = (int)(End & (memory.Length - 1));
        int first = Math.Min(bytes.Length, memory.Length - at);
        bytes[..first].CopyTo(memory[at..]);
        bytes[first..].CopyTo(memory);
        End += bytes.Length;
        return true;
    }

    /// <summary>Copies bytes from a position on.</summary>
    public readonly void CopyTo(long position, Span<byte> bytes)
    {
        Span<byte> memory = _memory.IsEmpty ? default : _memory.Span[.._size];
        int at = (int)(position & (memory.Length - 1));
        int first = Math.Min(bytes.Length, memory.Length - at);
        memory.Slice(at, first).CopyTo(bytes);
        memory[..(bytes.Length - first)].CopyTo(bytes[first..]);
    }

    /// <summary>Discards the bytes before a position.</summary>
    public void DiscardTo(long position)
    {
        Invariant.Holds(position >= Begin && position <= End);
        Begin = position;
        if (Begin == End)
        {
            Release();
        }
    }

    /// <summary>Returns the memory.</summary>
    public void Release()
    {
        Begin = End;
        if (!_memory.IsEmpty)
        {
            _memory.Return();
            _memory = default;
            _size = 0;
        }
    }

    private bool TryGrow(int bytes)
    {
        if (!pool.TryRent((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, FirstBytes)), nameof(ByteRing), out Lease larger))
        {
            return false;
        }

        // Positions keep their meaning: each byte moves to the place of its position in the larger block.
        int size = 1 << BitOperations.Log2((uint)larger.Length);
        Span<byte> to = larger.Span[..size];
        long position = Begin;
        while (position < End)
        {
            int at = (int)(position & (to.Length - 1));
            int length = (int)Math.Min(End - position, to.Length - at);
            CopyTo(position, to.Slice(at, length));
            position += length;
        }

        if (!_memory.IsEmpty)
        {
            _memory.Return();
        }

        _memory = larger;
        _size = size;
        return true;
    }
}
