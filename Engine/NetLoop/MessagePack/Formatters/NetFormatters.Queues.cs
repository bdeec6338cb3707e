using System.Diagnostics.CodeAnalysis;

namespace NetLoop.CompilerServices;

// Collections that are read one element at a time; each is sent in its enumeration order.
public static partial class NetFormatters
{
    /// <summary>Formats <see cref="global::System.Collections.Generic.Queue{T}"/>, the oldest element first.</summary>
    public readonly struct Queue<T, TFormatter> : INetFormatter<System.Collections.Generic.Queue<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => OtherCollectionBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Generic.Queue<T> value)
        {
            if (value is null)
            {
                ThrowNull<System.Collections.Generic.Queue<T>>();
            }

            int left = value.Count;
            writer.WriteArrayHeader(left);
            foreach (T item in value)
            {
                TFormatter.Write(ref writer, in item);
                left--;
            }

            RequireAllWritten(left);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Collections.Generic.Queue<T> value)
        {
            value = null;
            if (!reader.TryEnterArray(out int count))
            {
                return false;
            }

            int room = reader.FirstItems<T>(count);
            if (!reader.TryCharge(OtherCollectionBytes) || !reader.TryChargeArray<T>(room))
            {
                return false;
            }

            System.Collections.Generic.Queue<T> items = count == 0 ? new() : new(room);
            for (int index = 0; index < count; index++)
            {
                if (index == room)
                {
                    room = Math.Max(2 * room, NetReader.MoreItems(count, room)); // The queue at least doubles its capacity, whatever is requested.
                    if (!reader.TryChargeArray<T>(room))
                    {
                        return false;
                    }

                    items.EnsureCapacity(room);
                }

                if (!TFormatter.TryRead(ref reader, out T? item))
                {
                    return false;
                }

                items.Enqueue(item);
            }

            reader.Leave();
            value = items;
            return true;
        }
    }

    /// <summary>Formats <see cref="global::System.Collections.Generic.Stack{T}"/>, the top first.</summary>
    public readonly struct Stack<T, TFormatter> : INetFormatter<System.Collections.Generic.Stack<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => OtherCollectionBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Generic.Stack<T> value)
        {
            if (value is null)
            {
                ThrowNull<System.Collections.Generic.Stack<T>>();
            }

            int left = value.Count;
            writer.WriteArrayHeader(left);
            foreach (T item in value)
            {
                TFormatter.Write(ref writer, in item);
                left--;
            }

            RequireAllWritten(left);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Collections.Generic.Stack<T> value)
        {
            value = null;
            if (!Array<T, TFormatter>.TryRead(ref reader, out T[]? items)
                || !reader.TryCharge(OtherCollectionBytes)
                || !reader.TryChargeArray<T>(items.Length))
            {
                return false;
            }

            System.Array.Reverse(items);
            value = new(items);
            return true;
        }
    }

    /// <summary>Formats <see cref="global::System.Collections.Generic.LinkedList{T}"/>.</summary>
    public readonly struct LinkedList<T, TFormatter> : INetFormatter<System.Collections.Generic.LinkedList<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => OtherCollectionBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Generic.LinkedList<T> value)
        {
            if (value is null)
            {
                ThrowNull<System.Collections.Generic.LinkedList<T>>();
            }

            int left = value.Count;
            writer.WriteArrayHeader(left);
            foreach (T item in value)
            {
                TFormatter.Write(ref writer, in item);
                left--;
            }

            RequireAllWritten(left);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Collections.Generic.LinkedList<T> value)
        {
            value = null;
            if (!reader.TryEnterArray(out int count))
            {
                return false;
            }

            if (!reader.TryCharge(OtherCollectionBytes) || !reader.TryChargeNodes<T>(count))
            {
                return false;
            }

            System.Collections.Generic.LinkedList<T> items = new();
            for (; count > 0; count--)
            {
                if (!TFormatter.TryRead(ref reader, out T? item))
                {
                    return false;
                }

                items.AddLast(item);
            }

            reader.Leave();
            value = items;
            return true;
        }
    }
}
