using NetLoop.Buffers;
using NetLoop.Sending;

namespace NetLoop.Messaging;

/// <summary>Encoded bodies in sequence in one block, each with its receiver. The sends of handlers on their own thread cross to the loop in chunks.</summary>
/// <remarks>
/// Thread: the handlers' thread writes, the loop carries out. The loop sees each body as soon as it is written, so no body waits until the chunk is full or
/// closed.
/// </remarks>
internal sealed class SendChunk
{
    /// <summary>Size of the block in bytes: about a hundred small bodies, which stay in the processor's cache until the loop has read them.</summary>
    public const int Bytes = 16 << 10;

    private const int MaxBodies = 256;

    private readonly Entry[] _entries = new Entry[MaxBodies];
    private Lease _memory;

    // Written by the handlers' thread, read by the loop.
    private int _count;
    private bool _isClosed;

    // Used by the loop only.
    private int _carriedOut;
    private bool _isInUse;

    /// <summary>Whether the chunk can be opened. Thread: handlers.</summary>
    public bool IsFree => !Volatile.Read(ref _isInUse);

    /// <summary>Whether there are bodies that are not carried out yet. Thread: loop.</summary>
    public bool HasBodies => _carriedOut < Volatile.Read(ref _count);

    /// <summary>Memory for the next body; empty if the chunk takes no more. Thread: handlers.</summary>
    public Span<byte> Room => _count == MaxBodies ? default : _memory.Span[End..Bytes];

    private int End => _count == 0 ? 0 : _entries[_count - 1].End;

    /// <summary>Opens the chunk. Thread: handlers.</summary>
    public void Open(Lease ownedMemory)
    {
        _memory = ownedMemory;
        _count = 0;
        _carriedOut = 0;
        _isClosed = false;
        Volatile.Write(ref _isInUse, true);
    }

    /// <summary>Adds the body that was written into <see cref="Room"/>. Thread: handlers.</summary>
    public void Add(ISendTarget target, int bodyBytes, SendMode mode = default)
    {
        _entries[_count] = new Entry(target, End + bodyBytes, mode);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Declares that no more bodies follow. Thread: handlers.</summary>
    public void Close() => Volatile.Write(ref _isClosed, true);

    /// <summary>Passes the bodies written so far to their sessions. Thread: loop.</summary>
    /// <returns>True if the chunk was closed; it is free then.</returns>
    public bool CarryOut(out int bodies)
    {
        bool isLast = Volatile.Read(ref _isClosed);
        int first = _carriedOut;
        int count = Volatile.Read(ref _count);
        int begin = first == 0 ? 0 : _entries[first - 1].End;
        ReadOnlySpan<byte> memory = _memory.Span;
        foreach (ref readonly Entry entry in _entries.AsSpan(first, count - first))
        {
            entry.Target.SendEncoded(memory[begin..entry.End], entry.Mode);
            begin = entry.End;
        }

        bodies = count - first;
        _carriedOut = count;
        if (isLast)
        {
            Free();
        }

        return isLast;
    }

    /// <summary>Returns the memory. Thread: the loop, or the handlers' thread before the loop knows the chunk.</summary>
    public void Free()
    {
        Array.Clear(_entries, 0, _count);
        _memory.Return();
        _memory = default;
        Volatile.Write(ref _isInUse, false);
    }

    private readonly record struct Entry(ISendTarget Target, int End, SendMode Mode);
}
