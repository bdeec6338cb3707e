using System.Diagnostics.CodeAnalysis;
using NetLoop.MessagePack.Formatters;

namespace NetLoop.CompilerServices;

// The sender chooses the keys, so every hashing collection uses a comparer with an unpredictable hash.
public static partial class NetFormatters
{
    /// <summary>Formats <see cref="global::System.Collections.Generic.Dictionary{TKey, TValue}"/> as a map. If keys are equal, the last one wins.</summary>
    public readonly struct Dictionary<TKey, TValue, TKeyFormatter, TValueFormatter>
        : INetFormatter<System.Collections.Generic.Dictionary<TKey, TValue>>
        where TKey : notnull
        where TKeyFormatter : INetFormatter<TKey>
        where TValueFormatter : INetFormatter<TValue>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => DictionaryBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Generic.Dictionary<TKey, TValue> value)
        {
            if (value is null)
            {
                ThrowNull<System.Collections.Generic.Dictionary<TKey, TValue>>();
            }

            int left = value.Count;
            writer.WriteMapHeader(left);
            foreach ((TKey key, TValue item) in value)
            {
                TKeyFormatter.Write(ref writer, in key);
                TValueFormatter.Write(ref writer, in item);
                left--;
            }

            RequireAllWritten(left);
        }

        /// <inheritdoc/>
        public static bool TryRead(
            ref NetReader reader,
            [MaybeNullWhen(false)] out System.Collections.Generic.Dictionary<TKey, TValue> value)
        {
            value = null;
            if (!reader.TryEnterMap(out int count))
            {
                return false;
            }

            int room = reader.FirstItems<MapEntry<TKey, TValue>>(count);
            if (!reader.TryCharge(DictionaryBytes) || !reader.TryChargeTable<MapEntry<TKey, TValue>>(room))
            {
                return false;
            }

            System.Collections.Generic.Dictionary<TKey, TValue> items = new(room, KeyedComparer<TKey>.Instance);
            for (int index = 0; index < count; index++)
            {
                if (items.Count == room)
                {
                    room = NetReader.MoreItems(count, room);
                    if (!reader.TryChargeTable<MapEntry<TKey, TValue>>(room))
                    {
                        return false;
                    }

                    items.EnsureCapacity(room);
                }

                if (!TKeyFormatter.TryRead(ref reader, out TKey? key) || !TValueFormatter.TryRead(ref reader, out TValue? item))
                {
                    return false;
                }

                items[key] = item;
            }

            reader.Leave();
            value = items;
            return true;
        }
    }

    /// <summary>Formats <see cref="global::System.Collections.Generic.HashSet{T}"/> as an array; equal elements become one.</summary>
    public readonly struct HashSet<T, TFormatter> : INetFormatter<System.Collections.Generic.HashSet<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => HashSetBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Generic.HashSet<T> value)
        {
            if (value is null)
            {
                ThrowNull<System.Collections.Generic.HashSet<T>>();
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
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Collections.Generic.HashSet<T> value)
        {
            value = null;
            if (!reader.TryEnterArray(out int count))
            {
                return false;
            }

            int room = reader.FirstItems<SetEntry<T>>(count);
            if (!reader.TryCharge(HashSetBytes) || !reader.TryChargeTable<SetEntry<T>>(room))
            {
                return false;
            }

            System.Collections.Generic.HashSet<T> items = new(room, KeyedComparer<T>.Instance);
            for (int index = 0; index < count; index++)
            {
                if (items.Count == room)
                {
                    room = NetReader.MoreItems(count, room);
                    if (!reader.TryChargeTable<SetEntry<T>>(room))
                    {
                        return false;
                    }

                    items.EnsureCapacity(room);
                }

                if (!TFormatter.TryRead(ref reader, out T? item))
                {
                    return false;
                }

                items.Add(item);
            }

            reader.Leave();
            value = items;
            return true;
        }
    }
}
