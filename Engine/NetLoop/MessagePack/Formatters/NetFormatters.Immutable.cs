using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using NetLoop.MessagePack.Formatters;

namespace NetLoop.CompilerServices;

public static partial class NetFormatters
{
    // With the comparers around the keyed one, and the resulting collection.
    private const int ImmutableBuilderBytes = 320;

    /// <summary>
    /// Formats <see cref="global::System.Collections.Immutable.ImmutableArray{T}"/>; one that was never set as nil, which is read as an
    /// empty one.
    /// </summary>
    public readonly struct ImmutableArray<T, TFormatter> : INetFormatter<System.Collections.Immutable.ImmutableArray<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Immutable.ImmutableArray<T> value)
        {
            if (value.IsDefault)
            {
                writer.WriteNil();
                return;
            }

            WriteSpan<T, TFormatter>(ref writer, value.AsSpan());
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Collections.Immutable.ImmutableArray<T> value)
        {
            value = [];
            if (reader.TryReadNil())
            {
                return true;
            }

            bool read = Array<T, TFormatter>.TryRead(ref reader, out T[]? items);
            value = read ? ImmutableCollectionsMarshal.AsImmutableArray(items) : [];
            return read;
        }
    }

    /// <summary>Formats <see cref="global::System.Collections.Immutable.ImmutableList{T}"/>.</summary>
    public readonly struct ImmutableList<T, TFormatter> : INetFormatter<System.Collections.Immutable.ImmutableList<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Immutable.ImmutableList<T> value)
        {
            if (value is null)
            {
                ThrowNull<System.Collections.Immutable.ImmutableList<T>>();
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
        public static bool TryRead(
            ref NetReader reader, [MaybeNullWhen(false)] out System.Collections.Immutable.ImmutableList<T> value)
        {
            bool read = Array<T, TFormatter>.TryRead(ref reader, out T[]? items)
                && reader.TryCharge(OtherCollectionBytes)
                && reader.TryChargeNodes<T>(items.Length);
            value = read ? [.. items!] : null;
            return read;
        }
    }

    /// <summary>Formats <see cref="global::System.Collections.Immutable.ImmutableHashSet{T}"/>; equal elements become one.</summary>
    public readonly struct ImmutableHashSet<T, TFormatter> : INetFormatter<System.Collections.Immutable.ImmutableHashSet<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Immutable.ImmutableHashSet<T> value)
        {
            if (value is null)
            {
                ThrowNull<System.Collections.Immutable.ImmutableHashSet<T>>();
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
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Collections.Immutable.ImmutableHashSet<T> value)
        {
            value = null;
            if (!reader.TryEnterArray(out int count))
            {
                return false;
            }

            if (!reader.TryCharge(ImmutableBuilderBytes) || !reader.TryChargeNodes<T>(count))
            {
                return false;
            }

            var items = System.Collections.Immutable.ImmutableHashSet.CreateBuilder<T>(KeyedComparer<T>.Instance);
            for (; count > 0; count--)
            {
                if (!TFormatter.TryRead(ref reader, out T? item))
                {
                    return false;
                }

                items.Add(item);
            }

            reader.Leave();
            value = items.ToImmutable();
            return true;
        }
    }

    /// <summary>Formats <see cref="global::System.Collections.Immutable.ImmutableDictionary{TKey, TValue}"/>; if keys are equal, the last one wins.</summary>
    public readonly struct ImmutableDictionary<TKey, TValue, TKeyFormatter, TValueFormatter>
        : INetFormatter<System.Collections.Immutable.ImmutableDictionary<TKey, TValue>>
        where TKey : notnull
        where TKeyFormatter : INetFormatter<TKey>
        where TValueFormatter : INetFormatter<TValue>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Immutable.ImmutableDictionary<TKey, TValue> value) =>
            WritePairs<TKey, TValue, TKeyFormatter, TValueFormatter>(ref writer, value, value?.Count ?? 0);

        /// <inheritdoc/>
        public static bool TryRead(
            ref NetReader reader,
            [MaybeNullWhen(false)] out System.Collections.Immutable.ImmutableDictionary<TKey, TValue> value)
        {
            value = null;
            if (!reader.TryEnterMap(out int count))
            {
                return false;
            }

            if (!reader.TryCharge(ImmutableBuilderBytes) || !reader.TryChargeNodes<(TKey, TValue)>(count))
            {
                return false;
            }

            var items = System.Collections.Immutable.ImmutableDictionary.CreateBuilder<TKey, TValue>(KeyedComparer<TKey>.Instance);
            for (; count > 0; count--)
            {
                if (!TKeyFormatter.TryRead(ref reader, out TKey? key) || !TValueFormatter.TryRead(ref reader, out TValue? item))
                {
                    return false;
                }

                items[key] = item;
            }

            reader.Leave();
            value = items.ToImmutable();
            return true;
        }
    }
}
