using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetLoop.CompilerServices;
using NetLoop.Diagnostics;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

/// <summary>Writes a sequence of MessagePack values, each in its shortest form.</summary>
/// <remarks>
/// Thread: one at a time, the owner of the memory. A value that does not fit is not written and makes the writer <see cref="Overflowed"/>. Later writes
/// then do nothing, so a caller checks only once, at the end. Never throws because of too little space.
/// </remarks>
[DebuggerDisplay("{BytesWritten} bytes, Overflowed = {Overflowed}")]
public ref partial struct NetWriter
{
    private const int FirstSpillBytes = 1_024;

    private readonly IWriteBuffer? _buffer;
    private Span<byte> _span;
    private int _position;
    private WriterState _state;

    /// <summary>Writes into memory of fixed size.</summary>
    public NetWriter(Span<byte> destination) => _span = destination;

    /// <summary>Writes into memory that grows.</summary>
    /// <param name="buffer">Supplies more memory when the current memory is full.</param>
    /// <param name="initial">The first memory of <paramref name="buffer"/>; may be empty.</param>
    public NetWriter(IWriteBuffer buffer, Span<byte> initial)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        _buffer = buffer;
        _span = initial;
    }

    /// <summary>Whether a value did not fit. The bytes written are then incomplete and must not be sent.</summary>
    public readonly bool Overflowed => (_state & WriterState.Overflowed) != 0;

    /// <summary>
    /// Whether the written bytes did not fit into the destination and are kept elsewhere: they are in <see cref="Written"/>, and must still be sent.
    /// </summary>
    internal readonly bool HasSpilled => (_state & WriterState.Spilled) != 0;

    /// <summary>Bytes written so far.</summary>
    public readonly int BytesWritten => _position;

    /// <summary>The bytes written so far. Valid until the next write.</summary>
    public readonly ReadOnlySpan<byte> Written => _span[.._position];

    /// <summary>Copies an encoded MessagePack value, or a part of one.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> encoded)
    {
        if (TryTake(encoded.Length, out Span<byte> room))
        {
            encoded.CopyTo(room);
        }
    }

    /// <summary>Makes sure that no part of this value has to be written again: from here on, bytes that do not fit are kept in separate memory.</summary>
    /// <returns>False if a part is already lost, so that the whole value will be written again.</returns>
    internal bool TryKeep()
    {
        if (Overflowed)
        {
            return false;
        }

        _state |= WriterState.Keeps;
        return true;
    }

    /// <summary>Returns whether a value of a known maximum size fits into the current memory, so that its parts need no checks of their own.</summary>
    /// <remarks>False is not an overflow: the actual, shorter form may fit, and the memory may grow.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool HasRoom(int maxBytes) => maxBytes + FixedLayout.SpareBytes <= _span.Length - _position;

    /// <summary>The first free byte. Only for <see cref="FixedLayout"/>, where <see cref="HasRoom"/> holds.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [UnscopedRef]
    public readonly ref byte Reserved
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetReference(_span), _position);
    }

    /// <summary>Ends a write to <see cref="Reserved"/>.</summary>
    /// <param name="end">The byte after the last one written.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Commit(ref readonly byte end)
    {
        nint written = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(_span), in end);
        Invariant.Holds((nuint)written <= (nuint)_span.Length);
        _position = (int)written;
    }

    // The only check: once the writer has overflowed, the memory ends at the position, so nothing fits any more.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(int bytes, out Span<byte> room)
    {
        if ((uint)bytes <= (uint)(_span.Length - _position) || TryGrowOrOverflow(bytes))
        {
            room = _span.Slice(_position, bytes);
            _position += bytes;
            return true;
        }

        room = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGrow(int bytes)
    {
        if (Overflowed || bytes < 0)
        {
            return false;
        }

        Span<byte> grown = _buffer is null || HasSpilled ? default : _buffer.Grow(_position, bytes);
        if (grown.IsEmpty)
        {
            return (_state & WriterState.Keeps) != 0 && TrySpill(bytes);
        }

        Invariant.Holds(grown.Length - _position >= bytes);
        _span = grown;
        return true;
    }

    private bool TrySpill(int bytes)
    {
        long needed = (long)_position + bytes;
        if (needed > Array.MaxLength)
        {
            return false;
        }

        byte[] memory = new byte[Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(FirstSpillBytes, 2L * _position)))];
        Written.CopyTo(memory);
        _span = memory;
        _state |= WriterState.Spilled;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGrowOrOverflow(int bytes)
    {
        if (TryGrow(bytes))
        {
            return true;
        }

        _state |= WriterState.Overflowed;
        _span = _span[.._position];
        return false;
    }
}
