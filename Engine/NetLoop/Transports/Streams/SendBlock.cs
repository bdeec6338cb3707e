using System.Buffers.Binary;
using NetLoop.Buffers;
using NetLoop.Diagnostics;

namespace NetLoop.Transports.Streams;

/// <summary>One block of a <see cref="SendQueue"/>: frames grow from the front, and where each of them ends is noted from the back.</summary>
/// <remarks>The notes are what tells exactly how many bodies a partial send completed, and lying in the block they are part of the pool's budget.</remarks>
internal struct SendBlock(Lease lease)
{
    /// <summary>Bytes one frame takes besides its own: the note of its end.</summary>
    public const int NoteBytes = sizeof(int);

    private readonly Lease _lease = lease;

    // Where the note of the next frame goes.
    private int _nextNote = lease.Length - NoteBytes;

    /// <summary>Bytes of frames.</summary>
    public int End { get; private set; }

    /// <summary>Frames, each with one body.</summary>
    public int Bodies { get; private set; }

    /// <summary>True when there is no block.</summary>
    public readonly bool IsNone => _lease.IsEmpty;

    public readonly int Length => _lease.Length;

    public readonly Span<byte> Frames => _lease.Span[..End];

    /// <summary>Bytes free for one more frame.</summary>
    public readonly int FreeBytes => Math.Max(0, _nextNote - End);

    /// <summary>The whole block.</summary>
    public readonly Span<byte> Memory => _lease.Span;

    /// <summary>Room for one more frame.</summary>
    public readonly Span<byte> Free => _lease.Span.Slice(End, FreeBytes);

    /// <summary>Adds the frame that was written behind the others.</summary>
    public void Add(int frameBytes) => Add(frameBytes, _lease.Span);

    /// <summary>Adds the frame that was written behind the others, for who has <see cref="Memory"/> at hand.</summary>
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
