using System.Diagnostics.CodeAnalysis;

namespace NetLoop.CompilerServices;

public static partial class NetFormatters
{
    /// <summary>Formats <see cref="ICollection{T}"/>; a list is read.</summary>
    public readonly struct Collection<T, TFormatter> : INetFormatter<ICollection<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => ListBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in ICollection<T> value) => WriteItems<T, TFormatter>(ref writer, value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out ICollection<T> value)
        {
            bool read = List<T, TFormatter>.TryRead(ref reader, out System.Collections.Generic.List<T>? items);
            value = items;
            return read;
        }
    }

    /// <summary>Formats <see cref="IReadOnlyCollection{T}"/>; an array is read.</summary>
    public readonly struct ReadOnlyCollection<T, TFormatter> : INetFormatter<IReadOnlyCollection<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in IReadOnlyCollection<T> value) => WriteItems<T, TFormatter>(ref writer, value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out IReadOnlyCollection<T> value)
        {
            bool read = Array<T, TFormatter>.TryRead(ref reader, out T[]? items);
            value = items;
            return read;
        }
    }

    /// <summary>Formats <see cref="ISet{T}"/>; a hash set is read.</summary>
    public readonly struct SetInterface<T, TFormatter> : INetFormatter<ISet<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => HashSetBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in ISet<T> value) => WriteItems<T, TFormatter>(ref writer, value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out ISet<T> value)
        {
            bool read = HashSet<T, TFormatter>.TryRead(ref reader, out System.Collections.Generic.HashSet<T>? items);
            value = items;
            return read;
        }
    }

    /// <summary>Formats <see cref="IReadOnlySet{T}"/>; a hash set is read.</summary>
    public readonly struct ReadOnlySet<T, TFormatter> : INetFormatter<IReadOnlySet<T>>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => HashSetBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in IReadOnlySet<T> value) => WriteItems<T, TFormatter>(ref writer, value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out IReadOnlySet<T> value)
        {
            bool read = HashSet<T, TFormatter>.TryRead(ref reader, out System.Collections.Generic.HashSet<T>? items);
            value = items;
            return read;
        }
    }

    /// <summary>Formats <see cref="IDictionary{TKey, TValue}"/>; a dictionary is read.</summary>
    public readonly struct DictionaryInterface<TKey, TValue, TKeyFormatter, TValueFormatter> : INetFormatter<IDictionary<TKey, TValue>>
        where TKey : notnull
        where TKeyFormatter : INetFormatter<TKey>
        where TValueFormatter : INetFormatter<TValue>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => DictionaryBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in IDictionary<TKey, TValue> value) =>
            WritePairs<TKey, TValue, TKeyFormatter, TValueFormatter>(ref writer, value, value?.Count ?? 0);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out IDictionary<TKey, TValue> value)
        {
            bool read = Dictionary<TKey, TValue, TKeyFormatter, TValueFormatter>.TryRead(
                ref reader, out System.Collections.Generic.Dictionary<TKey, TValue>? items);
            value = items;
            return read;
        }
    }

    /// <summary>Formats <see cref="IReadOnlyDictionary{TKey, TValue}"/>; a dictionary is read.</summary>
    public readonly struct ReadOnlyDictionary<TKey, TValue, TKeyFormatter, TValueFormatter> : INetFormatter<IReadOnlyDictionary<TKey, TValue>>
        where TKey : notnull
        where TKeyFormatter : INetFormatter<TKey>
        where TValueFormatter : INetFormatter<TValue>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => DictionaryBytes;

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in IReadOnlyDictionary<TKey, TValue> value) =>
            WritePairs<TKey, TValue, TKeyFormatter, TValueFormatter>(ref writer, value, value?.Count ?? 0);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out IReadOnlyDictionary<TKey, TValue> value)
        {
            bool read = Dictionary<TKey, TValue, TKeyFormatter, TValueFormatter>.TryRead(
                ref reader, out System.Collections.Generic.Dictionary<TKey, TValue>? items);
            value = items;
            return read;
        }
    }

    private static void WritePairs<TKey, TValue, TKeyFormatter, TValueFormatter>(
        ref NetWriter writer, IEnumerable<KeyValuePair<TKey, TValue>>? pairs, int count)
        where TKeyFormatter : INetFormatter<TKey>
        where TValueFormatter : INetFormatter<TValue>
    {
        if (pairs is null)
        {
            ThrowNull<IEnumerable<System.Collections.Generic.KeyValuePair<TKey, TValue>>>();
        }

        writer.WriteMapHeader(count);
        foreach ((TKey key, TValue item) in pairs)
        {
            TKeyFormatter.Write(ref writer, in key);
            TValueFormatter.Write(ref writer, in item);
            count--;
        }

        RequireAllWritten(count);
    }
}
