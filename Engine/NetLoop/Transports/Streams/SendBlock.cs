using System.Buffers.Binary;
using NetLoop.Buffers;
using NetLoop.Diagnostics;

namespace NetLoop.Transports.Streams;

/// <summary>One block of a <see cref="SendQueue"/>: frames are written from the front, and the positions where they end from the back.</summary>
/// <remarks>The positions tell exactly how many bodies a partial send completed. In the block, they count against the pool's limit.</remarks>
internal struct SendBlock(Lease lease)
{
    /// <summary>Bytes that a frame takes in addition to its own: the position of its end.</summary>
    public const int NoteBytes = sizeof(int);

    private readonly Lease _lease = lease;

    // Where the position of the next frame's end goes.
    private int _nextNote = lease.Length - NoteBytes;

    /// <summary>Bytes of frames.</summary>
    public int End { get; private set; }

    /// <summary>Number of frames, each with one body.</summary>
    public int Bodies { get; private set; }

    /// <summary>True when there is no block.</summary>
    public readonly bool IsNone => _lease.IsEmpty;

    public readonly int Length => _lease.Length;

    public readonly Span<byte> Frames => _lease.Span[..End];

    /// <summary>Bytes free for one more frame.</summary>
    public readonly int FreeBytes => Math.Max(0, _nextNote - End);

    /// <summary>The whole block.</summary>
    public readonly Span<byte> Memory => _lease.Span;

    /// <summary>The free memory for one more frame.</summary>
    public readonly Span<byte> Free => _lease.Span.Slice(End, FreeBytes);

    /// <summary>Adds the frame that was written after the others.</summary>
    public void Add(int frameBytes) => Add(frameBytes, _lease.Span);

    /// <summary>Adds the frame that was written after the others, for a caller that has <see cref="Memory"/> already.</summary>
    public void Add(int frameBytes, Span<byte> memory)
    {
        Invariant.Holds(frameBytes > 0);
        Invariant.Holds(frameBytes <= _nextNote - End);
        End += frameBytes;
        Bodies++;
        BinaryPrimitives.WriteInt32LittleEndian(memory[_nextNote..], End);
        _nextNote -= NoteBytes;
    }

    /// <summary>Where a frame ends, counted from the front of the block.</summary>
    public readonly int EndOf(int body) => BinaryPrimitives.ReadInt32LittleEndian(_lease.Span[^((body + 1) * NoteBytes)..]);

    public readonly void Return() => _lease.Return();
}
