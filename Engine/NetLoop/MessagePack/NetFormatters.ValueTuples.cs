using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

// A tuple is an array of exactly its size: nobody can add to it later, which is what contracts are for.
public static partial class NetFormatters
{
    /// <summary>Formats <see cref="global::System.ValueTuple{T1}"/> as an array of 1.</summary>
    public readonly struct ValueTuple<T1, T1Formatter> : INetFormatter<System.ValueTuple<T1>>
        where T1Formatter : INetFormatter<T1>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.ValueTuple<T1> value)
        {
            writer.WriteArrayHeader(1);
            T1Formatter.Write(ref writer, value.Item1);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.ValueTuple<T1> value)
        {
            if (TryEnterExactly(ref reader, 1) && T1Formatter.TryRead(ref reader, out T1? item1))
            {
                reader.Leave();
                value = new(item1);
                return true;
            }
            value = default;
            return false;
        }
    }

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

    /// <summary>Formats <see cref="global::System.ValueTuple{T1, T2}"/> as an array of 2.</summary>
    public readonly struct ValueTuple<T1, T2, T1Formatter, T2Formatter>
        : INetFormatter<(T1, T2)>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => T1Formatter.EmptyBytes(depth) + T2Formatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in (T1, T2) value)
        {
            writer.WriteArrayHeader(2);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out (T1, T2) value)
        {
            if (TryEnterExactly(ref reader, 2)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2))
            {
                reader.Leave();
                value = (item1, item2);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.ValueTuple{T1, T2, T3}"/> as an array of 3.</summary>
    public readonly struct ValueTuple<T1, T2, T3, T1Formatter, T2Formatter, T3Formatter>
        : INetFormatter<(T1, T2, T3)>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => T1Formatter.EmptyBytes(depth) + T2Formatter.EmptyBytes(depth) + T3Formatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in (T1, T2, T3) value)
        {
            writer.WriteArrayHeader(3);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
            T3Formatter.Write(ref writer, value.Item3);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out (T1, T2, T3) value)
        {
            if (TryEnterExactly(ref reader, 3)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3))
            {
                reader.Leave();
                value = (item1, item2, item3);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.ValueTuple{T1, T2, T3, T4}"/> as an array of 4.</summary>
    public readonly struct ValueTuple<T1, T2, T3, T4, T1Formatter, T2Formatter, T3Formatter, T4Formatter>
        : INetFormatter<(T1, T2, T3, T4)>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
        where T4Formatter : INetFormatter<T4>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => T1Formatter.EmptyBytes(depth) + T2Formatter.EmptyBytes(depth) + T3Formatter.EmptyBytes(depth) + T4Formatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in (T1, T2, T3, T4) value)
        {
            writer.WriteArrayHeader(4);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
            T3Formatter.Write(ref writer, value.Item3);
            T4Formatter.Write(ref writer, value.Item4);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out (T1, T2, T3, T4) value)
        {
            if (TryEnterExactly(ref reader, 4)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3)
                && T4Formatter.TryRead(ref reader, out T4? item4))
            {
                reader.Leave();
                value = (item1, item2, item3, item4);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.ValueTuple{T1, T2, T3, T4, T5}"/> as an array of 5.</summary>
    public readonly struct ValueTuple<T1, T2, T3, T4, T5, T1Formatter, T2Formatter, T3Formatter, T4Formatter, T5Formatter>
        : INetFormatter<(T1, T2, T3, T4, T5)>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
        where T4Formatter : INetFormatter<T4>
        where T5Formatter : INetFormatter<T5>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => T1Formatter.EmptyBytes(depth) + T2Formatter.EmptyBytes(depth) + T3Formatter.EmptyBytes(depth) + T4Formatter.EmptyBytes(depth) + T5Formatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in (T1, T2, T3, T4, T5) value)
        {
            writer.WriteArrayHeader(5);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
            T3Formatter.Write(ref writer, value.Item3);
            T4Formatter.Write(ref writer, value.Item4);
            T5Formatter.Write(ref writer, value.Item5);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out (T1, T2, T3, T4, T5) value)
        {
            if (TryEnterExactly(ref reader, 5)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3)
                && T4Formatter.TryRead(ref reader, out T4? item4)
                && T5Formatter.TryRead(ref reader, out T5? item5))
            {
                reader.Leave();
                value = (item1, item2, item3, item4, item5);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.ValueTuple{T1, T2, T3, T4, T5, T6}"/> as an array of 6.</summary>
    public readonly struct ValueTuple<
        T1, T2, T3, T4, T5, T6,
        T1Formatter, T2Formatter, T3Formatter, T4Formatter, T5Formatter, T6Formatter>
        : INetFormatter<(T1, T2, T3, T4, T5, T6)>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
        where T4Formatter : INetFormatter<T4>
        where T5Formatter : INetFormatter<T5>
        where T6Formatter : INetFormatter<T6>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => T1Formatter.EmptyBytes(depth) + T2Formatter.EmptyBytes(depth) + T3Formatter.EmptyBytes(depth) + T4Formatter.EmptyBytes(depth) + T5Formatter.EmptyBytes(depth) + T6Formatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in (T1, T2, T3, T4, T5, T6) value)
        {
            writer.WriteArrayHeader(6);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
            T3Formatter.Write(ref writer, value.Item3);
            T4Formatter.Write(ref writer, value.Item4);
            T5Formatter.Write(ref writer, value.Item5);
            T6Formatter.Write(ref writer, value.Item6);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out (T1, T2, T3, T4, T5, T6) value)
        {
            if (TryEnterExactly(ref reader, 6)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3)
                && T4Formatter.TryRead(ref reader, out T4? item4)
                && T5Formatter.TryRead(ref reader, out T5? item5)
                && T6Formatter.TryRead(ref reader, out T6? item6))
            {
                reader.Leave();
                value = (item1, item2, item3, item4, item5, item6);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.ValueTuple{T1, T2, T3, T4, T5, T6, T7}"/> as an array of 7.</summary>
    public readonly struct ValueTuple<
        T1, T2, T3, T4, T5, T6, T7,
        T1Formatter, T2Formatter, T3Formatter, T4Formatter, T5Formatter, T6Formatter, T7Formatter>
        : INetFormatter<(T1, T2, T3, T4, T5, T6, T7)>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
        where T4Formatter : INetFormatter<T4>
        where T5Formatter : INetFormatter<T5>
        where T6Formatter : INetFormatter<T6>
        where T7Formatter : INetFormatter<T7>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => T1Formatter.EmptyBytes(depth) + T2Formatter.EmptyBytes(depth) + T3Formatter.EmptyBytes(depth) + T4Formatter.EmptyBytes(depth) + T5Formatter.EmptyBytes(depth) + T6Formatter.EmptyBytes(depth) + T7Formatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in (T1, T2, T3, T4, T5, T6, T7) value)
        {
            writer.WriteArrayHeader(7);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
            T3Formatter.Write(ref writer, value.Item3);
            T4Formatter.Write(ref writer, value.Item4);
            T5Formatter.Write(ref writer, value.Item5);
            T6Formatter.Write(ref writer, value.Item6);
            T7Formatter.Write(ref writer, value.Item7);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out (T1, T2, T3, T4, T5, T6, T7) value)
        {
            if (TryEnterExactly(ref reader, 7)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3)
                && T4Formatter.TryRead(ref reader, out T4? item4)
                && T5Formatter.TryRead(ref reader, out T5? item5)
                && T6Formatter.TryRead(ref reader, out T6? item6)
                && T7Formatter.TryRead(ref reader, out T7? item7))
            {
                reader.Leave();
                value = (item1, item2, item3, item4, item5, item6, item7);
                return true;
            }
            value = default;
            return false;
        }
    }

    private static bool TryEnterExactly(ref NetReader reader, int expected) =>
        reader.TryEnterArray(out int count) && (count == expected || reader.Fail(DecodeStatus.WrongType));
}
