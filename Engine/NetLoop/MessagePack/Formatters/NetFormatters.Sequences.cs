using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace NetLoop.CompilerServices;

// These formatters neither write nor read nil; NullableReference does.
public static partial class NetFormatters
{
    // Sizes of objects without their elements, on 64-bit systems.
    private const int ListBytes = 32;
    private const int DictionaryBytes = 80;
    private const int HashSetBytes = 64;
    private const int OtherCollectionBytes = 48;

    /// <summary>Formats an array.</summary>
    public readonly struct Array<T, TFormatter> : INetFormatter<T[]>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in T[] value)
        {
            if (value is null)
            {
                ThrowNull<T[]>();
            }

            WriteSpan<T, TFormatter>(ref writer, value);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out T[] value) => TryReadInto(ref reader, null, out value);

        /// <summary>Reads into an existing array if it has the right length.</summary>
        public static bool TryReadInto(ref NetReader reader, T[]? reusable, [MaybeNullWhen(false)] out T[] value)
        {
            value = null;
            if (!reader.TryEnterArray(out int count))
            {
                return false;
            }
            // The exact type: an array of a derived type does not accept every element.
            bool fits = reusable is not null && reusable.Length == count && reusable.GetType() == typeof(T[]);
            int room = fits ? count : reader.FirstItems<T>(count);
            if (!fits && !reader.TryChargeArray<T>(room))
            {
                return false;
            }

            T[] items = fits ? reusable! : count == 0 ? [] : new T[room];
            for (int index = 0; index < count; index++)
            {
                if (index == items.Length)
                {
                    room = NetReader.MoreItems(count, room);
                    if (!reader.TryChargeArray<T>(room))
                    {
                        return false;
                    }

                    System.Array.Resize(ref items, room);
                }
                // Decoded in place, so that a large struct is not copied.
                if (!TFormatter.TryRead(ref reader, out items[index]!))
                {
                    return false;
                }
            }

            reader.Leave();
            value = items;
            return true;
        }
    }

    /// <summary>Formats <see cref="global::System.Collections.Generic.List{T}"/>.</summary>
    public readonly struct List<T, TFormatter> : INetFormatter<System.Collections.Generic.List<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => ListBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Generic.List<T> value)
        {
            if (value is null)
            {
                ThrowNull<System.Collections.Generic.List<T>>();
            }

            WriteSpan<T, TFormatter>(ref writer, CollectionsMarshal.AsSpan(value));
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Collections.Generic.List<T> value) =>
            TryReadInto(ref reader, null, out value);

        /// <summary>Reads into an existing list and replaces its contents.</summary>
        public static bool TryReadInto(
            ref NetReader reader,
            System.Collections.Generic.List<T>? reusable,
            [MaybeNullWhen(false)] out System.Collections.Generic.List<T> value)
        {
            value = null;
            if (!reader.TryEnterArray(out int count))
            {
                return false;
            }

            if (reusable is null && !reader.TryCharge(ListBytes))
            {
                return false;
            }

            System.Collections.Generic.List<T> items = reusable ?? [];
            items.Clear();
            int room = reader.FirstItems<T>(count);
            Span<T> places = default;
            for (int index = 0; index < count; index++)
            {
                if (index == places.Length)
                {
                    if (!TryMakeRoom(ref reader, items, room))
                    {
                        return false;
                    }

                    places = CollectionsMarshal.AsSpan(items);
                    room = NetReader.MoreItems(count, room);
                }

                if (!TFormatter.TryRead(ref reader, out places[index]!))
                {
                    items.Clear();
                    return false;
                }
            }

            reader.Leave();
            value = items;
            return true;
        }
    }

    // A list that grows by itself doubles its capacity, which may be twice the number of elements.
    private static bool TryMakeRoom<T>(ref NetReader reader, System.Collections.Generic.List<T> items, int room)
    {
        if (items.Capacity < room)
        {
            if (!reader.TryChargeArray<T>(room))
            {
                items.Clear();
                return false;
            }

            items.Capacity = room;
        }

        CollectionsMarshal.SetCount(items, room);
        return true;
    }

    /// <summary>Formats <see cref="IList{T}"/>; a <see cref="System.Collections.Generic.List{T}"/> is read.</summary>
    public readonly struct ListInterface<T, TFormatter> : INetFormatter<IList<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => ListBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in IList<T> value) => WriteItems<T, TFormatter>(ref writer, value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out IList<T> value)
        {
            bool read = List<T, TFormatter>.TryRead(ref reader, out System.Collections.Generic.List<T>? items);
            value = items;
            return read;
        }
    }

    /// <summary>Formats <see cref="IReadOnlyList{T}"/>; an array is read.</summary>
    public readonly struct ReadOnlyList<T, TFormatter> : INetFormatter<IReadOnlyList<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in IReadOnlyList<T> value) => WriteItems<T, TFormatter>(ref writer, value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
        {
            bool read = Array<T, TFormatter>.TryRead(ref reader, out T[]? items);
            value = items;
            return read;
        }
    }

    /// <summary>Formats <see cref="IEnumerable{T}"/>; an array is read.</summary>
    public readonly struct Enumerable<T, TFormatter> : INetFormatter<IEnumerable<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in IEnumerable<T> value) => WriteItems<T, TFormatter>(ref writer, value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out IEnumerable<T> value)
        {
            bool read = Array<T, TFormatter>.TryRead(ref reader, out T[]? items);
            value = items;
            return read;
        }
    }

    private static void WriteSpan<T, TFormatter>(ref NetWriter writer, ReadOnlySpan<T> items)
        where TFormatter : INetFormatter<T>
    {
        writer.WriteArrayHeader(items.Length);
        foreach (ref readonly T item in items)
        {
            TFormatter.Write(ref writer, in item);
        }
    }

    private static void WriteItems<T, TFormatter>(ref NetWriter writer, IEnumerable<T>? items)
        where TFormatter : INetFormatter<T>
    {
        switch (items)
        {
            case null:
                ThrowNull<IEnumerable<T>>();
                break;
            case T[] array:
                WriteSpan<T, TFormatter>(ref writer, array);
                break;
            case System.Collections.Generic.List<T> list:
                WriteSpan<T, TFormatter>(ref writer, CollectionsMarshal.AsSpan(list));
                break;
            case ICollection<T> or IReadOnlyCollection<T>:
                // The count comes first on the wire, so elements are counted before the first is written.
                WriteSpan<T, TFormatter>(ref writer, items.ToArray());
                break;
            default:
                // The sequence may allow only one enumeration, so it must not be enumerated in vain or twice.
                if (writer.TryKeep())
                {
                    WriteSpan<T, TFormatter>(ref writer, items.ToArray());
                }

                break;
        }
    }
}
