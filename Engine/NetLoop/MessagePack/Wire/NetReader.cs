using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

/// <summary>Reads a sequence of MessagePack values from untrusted bytes.</summary>
/// <remarks>
/// Every <c>TryRead</c> accepts all forms that MessagePack has for a value. It never throws, and allocates only for the value that it returns, after the
/// length was checked against the remaining bytes and the <see cref="DecodeLimits"/>. The first failure is final: <see cref="Status"/> keeps it,
/// <see cref="Position"/> stays at the start of the offending value, and later reads fail too. The exception is <see cref="TryReadNil"/>,
/// which leaves any other value unread.
/// Thread: one at a time.
/// </remarks>
[DebuggerDisplay("{Position} read, {Remaining} left, {Status}")]
public ref partial struct NetReader
{
    private readonly DecodeLimits _limits;
    private ReadOnlySpan<byte> _source;
    private int _position;
    private int _depth;
    private DecodeStatus _status;

    // The position of the stack at the last check that found enough of it; 0 before the first check.
    private nuint _checkedStack;

    // Memory allocated in collections for items that have not arrived yet.
    private long _advancedBytes;

    // Memory of the values read so far.
    private long _chargedBytes;

    /// <summary>Creates a reader at the first byte, with the default limits.</summary>
    public NetReader(ReadOnlySpan<byte> source)
        : this(source, DecodeLimits.Default)
    {
    }

    /// <summary>Creates a reader at the first byte.</summary>
    public NetReader(ReadOnlySpan<byte> source, DecodeLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _source = source;
        _limits = limits;
    }

    /// <summary>Ok, or the first failure.</summary>
    public readonly DecodeStatus Status => _status;

    /// <summary>The memory that the source may be part of, if values may borrow from it; null if they may not.</summary>
    internal ReceiveScratch? Lender { get; set; }

    /// <summary>Bytes read so far. After a failure: the start of the offending value, or its end if a contract rejected the value.</summary>
    public readonly int Position => _position;

    /// <summary>The limits for reading the bytes. Other codecs derive their limits from them.</summary>
    public readonly DecodeLimits Limits => _limits;

    /// <summary>Bytes not read yet. After a failure: 0.</summary>
    public readonly int Remaining => _source.Length - _position;

    /// <summary>Memory of the values read so far, in bytes, as far as it was charged.</summary>
    internal readonly long ChargedBytes => _chargedBytes;

    /// <summary>The bytes not read yet.</summary>
    internal readonly ReadOnlySpan<byte> Unread => _source[_position..];

    /// <summary>Reads a nil if it is the next value. Any other value is left unread, which is not a failure.</summary>
    /// <returns>True if a nil was read.</returns>
    public bool TryReadNil()
    {
        if (Remaining == 0 || _source[_position] != MessagePackCode.Nil)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>Charges memory to the budget that <see cref="DecodeLimits"/> allow the source, for code that allocates for the values that it reads.</summary>
    /// <param name="bytes">At least 0.</param>
    /// <returns>False if the budget is exceeded; the status is then <see cref="DecodeStatus.TooLarge"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryCharge(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        _chargedBytes += bytes;
        return (ulong)_chargedBytes <= (uint)_limits.MinDecodedBytes || IsWithinBudget();
    }

    /// <summary>Checks that everything has been read.</summary>
    /// <returns>False after a failure, or if bytes are left; the status is then <see cref="DecodeStatus.TrailingData"/>.</returns>
    public bool TryEnd()
    {
        if (_status != DecodeStatus.Ok)
        {
            return false;
        }

        return Remaining == 0 || Fail(DecodeStatus.TrailingData);
    }

    /// <summary>Makes the reader fail, for a contract that rejects a value for reasons of its own.</summary>
    /// <param name="status">The failure; not Ok. An earlier failure is kept.</param>
    /// <returns>Always false.</returns>
    // From here on the source ends at the position, so nothing more can be read, without a check of the status in every read.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(DecodeStatus status)
    {
        Invariant.Holds(status != DecodeStatus.Ok);
        if (_status == DecodeStatus.Ok)
        {
            _status = status;
            _source = _source[.._position];
        }

        return false;
    }

    // Unsigned: a sum that has wrapped around is also too large.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsWithinBudget() =>
        (ulong)_chargedBytes <= (ulong)_source.Length * (uint)_limits.MaxDecodedBytesPerByte || Fail(DecodeStatus.TooLarge);

    // The status for a first byte that does not begin the requested type.
    private bool FailType(byte code) =>
        Fail(code == MessagePackCode.NeverUsed ? DecodeStatus.Malformed : DecodeStatus.WrongType);

    private bool TryPeekCode(out byte code)
    {
        if ((uint)_position < (uint)_source.Length)
        {
            code = _source[_position];
            return true;
        }

        code = 0;
        return Fail(DecodeStatus.EndOfData);
    }

    // The bytes after the code. The position is not changed, so that a later failure refers to the value.
    private bool TryPeek(int bytes, out ReadOnlySpan<byte> data)
    {
        if (bytes < Remaining)
        {
            data = _source.Slice(_position + 1, bytes);
            return true;
        }

        data = default;
        return Fail(DecodeStatus.EndOfData);
    }

    // The length or count after the code, big-endian in 1, 2 or 4 bytes.
    private bool TryPeekLength(int bytes, out uint length)
    {
        if (!TryPeek(bytes, out ReadOnlySpan<byte> data))
        {
            length = 0;
            return false;
        }

        length = bytes switch
        {
            1 => data[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(data),
            _ => BinaryPrimitives.ReadUInt32BigEndian(data),
        };
        return true;
    }

    // Takes the content of a string, binary value or extension after checking its length.
    private bool TryTakeBlock(int headerBytes, uint length, int maxLength, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (headerBytes + (long)length > Remaining)
        {
            return Fail(DecodeStatus.EndOfData);
        }

        if (length > (uint)maxLength)
        {
            return Fail(DecodeStatus.TooLong);
        }

        content = _source.Slice(_position + headerBytes, (int)length);
        _position += headerBytes + (int)length;
        return true;
    }
}
