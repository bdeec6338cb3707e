namespace NetLoop.CompilerServices;

// The formatters of tuples are generated, because they follow one pattern for each number of items.
public static partial class NetFormatters
{
    // The object header and alignment.
    private const int TupleBytes = 24;

    /// <summary>Formats <see cref="global::System.Collections.Generic.KeyValuePair{TKey, TValue}"/> as an array of 2.</summary>
    public readonly struct KeyValuePair<TKey, TValue, TKeyFormatter, TValueFormatter>
        : INetFormatter<System.Collections.Generic.KeyValuePair<TKey, TValue>>
        where TKeyFormatter : INetFormatter<TKey>
        where TValueFormatter : INetFormatter<TValue>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TKeyFormatter.EmptyBytes(depth) + TValueFormatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Collections.Generic.KeyValuePair<TKey, TValue> value)
        {
            writer.WriteArrayHeader(2);
            TKeyFormatter.Write(ref writer, value.Key);
            TValueFormatter.Write(ref writer, value.Value);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Collections.Generic.KeyValuePair<TKey, TValue> value)
        {
            if (TryEnterExactly(ref reader, 2)
                && TKeyFormatter.TryRead(ref reader, out TKey? key)
                && TValueFormatter.TryRead(ref reader, out TValue? item))
            {
                reader.Leave();
                value = new(key, item);
                return true;
            }

            value = default;
            return false;
        }
    }

    private static bool TryEnterExactly(ref NetReader reader, int expected) =>
        reader.TryEnterArray(out int count) && (count == expected || reader.Fail(DecodeStatus.WrongType));
}
