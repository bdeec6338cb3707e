using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using NetLoop.CompilerServices;
using NetLoop.MessagePack.Wire;

namespace NetLoop;

public ref partial struct NetReader
{
    // The most memory that all headers of one source together get for each of its bytes before their items have arrived. Otherwise each of several nested
    // arrays would get memory for the same bytes, although only the innermost can use them.
    private const long AdvanceBytesPerByte = 8;

    // An upper limit for any length of the source: a list of a megabyte should rather grow than be allocated at once.
    private const int MaxAdvanceBytes = 16 * 1_024;

    // Growing leaves the smaller array behind, which also counts against the budget: with this factor it is an eighth of the new one instead of a half.
    private const int GrowthFactor = 8;

    // The object header, the length, and alignment.
    private const int ArrayBytes = 32;

    // The overhead of two arrays, without their elements.
    private const int TableBytes = 56;

    // The node of an immutable dictionary, which is the largest.
    private const int NodeBytes = 64;

    // The runtime's check reserves more than twice as much (64 KiB on 32-bit systems, 128 KiB on 64-bit systems).
    private const int UncheckedStackBytes = 32 * 1_024;

    /// <summary>Reads the count that begins an array. It is no larger than the bytes left, nor than <see cref="DecodeLimits.MaxItems"/>.</summary>
    /// <remarks>Does not count depth: code that may call itself uses <see cref="TryEnterArray"/>.</remarks>
    public bool TryReadArrayHeader(out int count)
    {
        count = 0;
        if (!TryPeekCode(out byte code))
        {
            return false;
        }

        if (code is >= MessagePackCode.FixArray and <= MessagePackCode.MaxFixArray)
        {
            return TryTakeCount(1, (uint)(code & MessagePackCode.MaxFixCount), valuesPerItem: 1, out count);
        }

        int width = code switch
        {
            MessagePackCode.Array16 => 2,
            MessagePackCode.Array32 => 4,
            _ => 0,
        };
        if (width == 0)
        {
            return FailType(code);
        }

        return TryPeekLength(width, out uint length) && TryTakeCount(1 + width, length, valuesPerItem: 1, out count);
    }

    /// <summary>
    /// Reads the count of pairs that begins a map. At least twice as many bytes are left, and the count is no larger than <see
    /// cref="DecodeLimits.MaxItems"/>.
    /// </summary>
    /// <remarks>Does not count depth: code that may call itself uses <see cref="TryEnterMap"/>.</remarks>
    public bool TryReadMapHeader(out int count)
    {
        count = 0;
        if (!TryPeekCode(out byte code))
        {
            return false;
        }

        if (code is >= MessagePackCode.FixMap and <= MessagePackCode.MaxFixMap)
        {
            return TryTakeCount(1, (uint)(code & MessagePackCode.MaxFixCount), valuesPerItem: 2, out count);
        }

        int width = code switch
        {
            MessagePackCode.Map16 => 2,
            MessagePackCode.Map32 => 4,
            _ => 0,
        };
        if (width == 0)
        {
            return FailType(code);
        }

        return TryPeekLength(width, out uint length) && TryTakeCount(1 + width, length, valuesPerItem: 2, out count);
    }

    /// <summary>Reads the count that begins an array and goes one level deeper, until <see cref="Leave"/>.</summary>
    public bool TryEnterArray(out int count) => TryReadArrayHeader(out count) && TryEnter();

    /// <summary>Reads the count that begins a map and goes one level deeper, until <see cref="Leave"/>.</summary>
    public bool TryEnterMap(out int count) => TryReadMapHeader(out count) && TryEnter();

    /// <summary>
    /// Goes one level deeper, until <see cref="Leave"/>. Fails beyond <see cref="DecodeLimits.MaxDepth"/>, and before the thread's stack is exhausted.
    /// </summary>
    public bool TryEnter()
    {
        if (_depth >= _limits.MaxDepth || (_depth > 0 && !HasStack()))
        {
            return Fail(DecodeStatus.TooDeep);
        }

        _depth++;
        return true;
    }

    /// <summary>Goes back up one level. After a failure it need not be called.</summary>
    public void Leave() => _depth--;

    /// <summary>Number of items to allocate memory for before they have arrived; the collection grows with the items that do arrive.</summary>
    /// <typeparam name="T">The type of an item's entry in the collection.</typeparam>
    /// <param name="count">Number of items that the header claims.</param>
    internal int FirstItems<T>(int count)
    {
        long bytes = Math.Min(MaxAdvanceBytes, (AdvanceBytesPerByte * _source.Length) - _advancedBytes);
        int items = (int)Math.Min(count, Math.Max(1, bytes / Unsafe.SizeOf<T>()));
        _advancedBytes += (long)items * Unsafe.SizeOf<T>();
        return items;
    }

    /// <summary>Number of items to allocate memory for when these have arrived and more follow.</summary>
    internal static int MoreItems(int count, int items) => (int)Math.Min(count, (long)GrowthFactor * items);

    /// <summary>Charges an array of this many elements; an empty array is shared.</summary>
    internal bool TryChargeArray<T>(int count) => count == 0 || TryCharge(ArrayBytes + ((long)count * Unsafe.SizeOf<T>()));

    /// <summary>Charges this many objects of a list or a tree, with their links.</summary>
    internal bool TryChargeNodes<T>(int count) => TryCharge(count * (long)(NodeBytes + Unsafe.SizeOf<T>()));

    /// <summary>Charges the arrays of a dictionary or hash set: their lengths are primes, up to a quarter above the count.</summary>
    /// <typeparam name="TEntry">The type of an item's entry, with hash and link.</typeparam>
    internal bool TryChargeTable<TEntry>(int count) =>
        count == 0 || TryCharge(TableBytes + ((count <= 3 ? 3 : count + (count / 4) + 3L) * (Unsafe.SizeOf<TEntry>() + sizeof(int))));

    /// <summary>Skips the elements of an array that its reader does not know, sent by a newer version, and goes back up one level.</summary>
    /// <param name="count">Number of elements in the array.</param>
    /// <param name="known">Number of elements that the reader knows; fewer may have been read if the array is shorter.</param>
    public bool TryLeaveArray(int count, int known)
    {
        for (; count > known; count--)
        {
            if (!TrySkip())
            {
                return false;
            }
        }

        Leave();
        return true;
    }

    /// <summary>Skips a member whose name, read as raw bytes, is unknown to its reader.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool TrySkipMember(scoped ReadOnlySpan<byte> name) => Utf8.IsValid(name) ? TrySkip() : Fail(DecodeStatus.InvalidUtf8);

    /// <summary>
    /// Compares the length in the next header with the limits of a contract, before anything is allocated: elements of an array, pairs of a map,
    /// bytes of a string or of binary data.
    /// </summary>
    /// <returns>False if it is outside of the limits. True for a value without a length and for an incomplete header, which reading it rejects.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool HasLength(int min, int max) =>
        !TryPeekAnyLength(out uint length) || (length >= (uint)min && length <= (uint)max) || Fail(DecodeStatus.InvalidValue);

    /// <summary>Begins to read a contract that is one array of small values. At its depth limit, it returns a reader without bytes.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly FixedLayoutReader BeginFixedLayout() => new(_depth < _limits.MaxDepth ? _source[_position..] : default);

    /// <summary>Moves this reader past the bytes that were read successfully.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndFixedLayout(scoped in FixedLayoutReader layout) => _position = _source.Length - layout.Left;

    // Asking the runtime takes 4 ns, so one answer is used for everything that is read in the next 32 KiB of the stack. The difference wraps around for
    // higher addresses. A process does not survive a stack overflow.
    private unsafe bool HasStack()
    {
        byte here;
        if (_checkedStack - (nuint)(&here) > UncheckedStackBytes)
        {
            if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                return false;
            }

            _checkedStack = (nuint)(&here);
        }

        return true;
    }

    // The length of the next value, if it has one.
    private readonly bool TryPeekAnyLength(out uint length)
    {
        ReadOnlySpan<byte> left = Unread;
        length = 0;
        if (left.IsEmpty)
        {
            return false;
        }

        byte code = left[0];
        int width = code switch
        {
            MessagePackCode.String8 or MessagePackCode.Binary8 => 1,
            MessagePackCode.String16 or MessagePackCode.Binary16 or MessagePackCode.Array16 or MessagePackCode.Map16 => 2,
            MessagePackCode.String32 or MessagePackCode.Binary32 or MessagePackCode.Array32 or MessagePackCode.Map32 => 4,
            _ => 0,
        };
        if (width >= left.Length)
        {
            return false;
        }

        length = width switch
        {
            1 => left[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(left[1..]),
            4 => BinaryPrimitives.ReadUInt32BigEndian(left[1..]),
            _ when code is >= MessagePackCode.FixString and <= MessagePackCode.MaxFixString => (uint)(code & MessagePackCode.MaxFixStringBytes),
            _ => (uint)(code & MessagePackCode.MaxFixCount),
        };
        return width > 0 || code is >= MessagePackCode.FixMap and <= MessagePackCode.MaxFixString;
    }

    // An element takes at least one byte, so a count above the number of remaining bytes is false, whatever the limits are. The product is computed in 64
    // bits: a map of 2^30 pairs must not wrap around to an empty one.
    private bool TryTakeCount(int headerBytes, uint found, int valuesPerItem, out int count)
    {
        count = 0;
        if ((long)found * valuesPerItem > Remaining - headerBytes)
        {
            return Fail(DecodeStatus.EndOfData);
        }

        if (found > (uint)_limits.MaxItems)
        {
            return Fail(DecodeStatus.TooLong);
        }

        count = (int)found;
        _position += headerBytes;
        return true;
    }
}
