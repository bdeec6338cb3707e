using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NetLoop;

public static partial class NetFormatters
{
    // The header of an object, and what aligning adds.
    private const int TupleBytes = 24;

    /// <summary>Formats <see cref="global::System.Tuple{T1}"/> as an array of 1.</summary>
    public readonly struct Tuple<T1, T1Formatter>
        : INetFormatter<System.Tuple<T1>>
        where T1Formatter : INetFormatter<T1>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TupleBytes + Unsafe.SizeOf<ValueTuple<T1>>();

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Tuple<T1> value)
        {
            if (value is null)
            {
                ThrowNull<System.Tuple<T1>>();
            }
            writer.WriteArrayHeader(1);
            T1Formatter.Write(ref writer, value.Item1);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Tuple<T1> value)
        {
            if (reader.TryCharge(EmptyBytes(0))
                && TryEnterExactly(ref reader, 1)
                && T1Formatter.TryRead(ref reader, out T1? item1))
            {
                reader.Leave();
                value = new(item1);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Tuple{T1, T2}"/> as an array of 2.</summary>
    public readonly struct Tuple<T1, T2, T1Formatter, T2Formatter>
        : INetFormatter<System.Tuple<T1, T2>>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TupleBytes + Unsafe.SizeOf<(T1, T2)>();

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Tuple<T1, T2> value)
        {
            if (value is null)
            {
                ThrowNull<System.Tuple<T1, T2>>();
            }
            writer.WriteArrayHeader(2);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Tuple<T1, T2> value)
        {
            if (reader.TryCharge(EmptyBytes(0))
                && TryEnterExactly(ref reader, 2)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2))
            {
                reader.Leave();
                value = new(item1, item2);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Tuple{T1, T2, T3}"/> as an array of 3.</summary>
    public readonly struct Tuple<T1, T2, T3, T1Formatter, T2Formatter, T3Formatter>
        : INetFormatter<System.Tuple<T1, T2, T3>>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TupleBytes + Unsafe.SizeOf<(T1, T2, T3)>();

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Tuple<T1, T2, T3> value)
        {
            if (value is null)
            {
                ThrowNull<System.Tuple<T1, T2, T3>>();
            }
            writer.WriteArrayHeader(3);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
            T3Formatter.Write(ref writer, value.Item3);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Tuple<T1, T2, T3> value)
        {
            if (reader.TryCharge(EmptyBytes(0))
                && TryEnterExactly(ref reader, 3)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3))
            {
                reader.Leave();
                value = new(item1, item2, item3);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Tuple{T1, T2, T3, T4}"/> as an array of 4.</summary>
    public readonly struct Tuple<T1, T2, T3, T4, T1Formatter, T2Formatter, T3Formatter, T4Formatter>
        : INetFormatter<System.Tuple<T1, T2, T3, T4>>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
        where T4Formatter : INetFormatter<T4>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TupleBytes + Unsafe.SizeOf<(T1, T2, T3, T4)>();

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Tuple<T1, T2, T3, T4> value)
        {
            if (value is null)
            {
                ThrowNull<System.Tuple<T1, T2, T3, T4>>();
            }
            writer.WriteArrayHeader(4);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
            T3Formatter.Write(ref writer, value.Item3);
            T4Formatter.Write(ref writer, value.Item4);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Tuple<T1, T2, T3, T4> value)
        {
            if (reader.TryCharge(EmptyBytes(0))
                && TryEnterExactly(ref reader, 4)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3)
                && T4Formatter.TryRead(ref reader, out T4? item4))
            {
                reader.Leave();
                value = new(item1, item2, item3, item4);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Tuple{T1, T2, T3, T4, T5}"/> as an array of 5.</summary>
    public readonly struct Tuple<T1, T2, T3, T4, T5, T1Formatter, T2Formatter, T3Formatter, T4Formatter, T5Formatter>
        : INetFormatter<System.Tuple<T1, T2, T3, T4, T5>>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
        where T4Formatter : INetFormatter<T4>
        where T5Formatter : INetFormatter<T5>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TupleBytes + Unsafe.SizeOf<(T1, T2, T3, T4, T5)>();

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Tuple<T1, T2, T3, T4, T5> value)
        {
            if (value is null)
            {
                ThrowNull<System.Tuple<T1, T2, T3, T4, T5>>();
            }
            writer.WriteArrayHeader(5);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
            T3Formatter.Write(ref writer, value.Item3);
            T4Formatter.Write(ref writer, value.Item4);
            T5Formatter.Write(ref writer, value.Item5);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Tuple<T1, T2, T3, T4, T5> value)
        {
            if (reader.TryCharge(EmptyBytes(0))
                && TryEnterExactly(ref reader, 5)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3)
                && T4Formatter.TryRead(ref reader, out T4? item4)
                && T5Formatter.TryRead(ref reader, out T5? item5))
            {
                reader.Leave();
                value = new(item1, item2, item3, item4, item5);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Tuple{T1, T2, T3, T4, T5, T6}"/> as an array of 6.</summary>
    public readonly struct Tuple<
        T1, T2, T3, T4, T5, T6,
        T1Formatter, T2Formatter, T3Formatter, T4Formatter, T5Formatter, T6Formatter>
        : INetFormatter<System.Tuple<T1, T2, T3, T4, T5, T6>>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
        where T4Formatter : INetFormatter<T4>
        where T5Formatter : INetFormatter<T5>
        where T6Formatter : INetFormatter<T6>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TupleBytes + Unsafe.SizeOf<(T1, T2, T3, T4, T5, T6)>();

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Tuple<T1, T2, T3, T4, T5, T6> value)
        {
            if (value is null)
            {
                ThrowNull<System.Tuple<T1, T2, T3, T4, T5, T6>>();
            }
            writer.WriteArrayHeader(6);
            T1Formatter.Write(ref writer, value.Item1);
            T2Formatter.Write(ref writer, value.Item2);
            T3Formatter.Write(ref writer, value.Item3);
            T4Formatter.Write(ref writer, value.Item4);
            T5Formatter.Write(ref writer, value.Item5);
            T6Formatter.Write(ref writer, value.Item6);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Tuple<T1, T2, T3, T4, T5, T6> value)
        {
            if (reader.TryCharge(EmptyBytes(0))
                && TryEnterExactly(ref reader, 6)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3)
                && T4Formatter.TryRead(ref reader, out T4? item4)
                && T5Formatter.TryRead(ref reader, out T5? item5)
                && T6Formatter.TryRead(ref reader, out T6? item6))
            {
                reader.Leave();
                value = new(item1, item2, item3, item4, item5, item6);
                return true;
            }
            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Tuple{T1, T2, T3, T4, T5, T6, T7}"/> as an array of 7.</summary>
    public readonly struct Tuple<
        T1, T2, T3, T4, T5, T6, T7,
        T1Formatter, T2Formatter, T3Formatter, T4Formatter, T5Formatter, T6Formatter, T7Formatter>
        : INetFormatter<System.Tuple<T1, T2, T3, T4, T5, T6, T7>>
        where T1Formatter : INetFormatter<T1>
        where T2Formatter : INetFormatter<T2>
        where T3Formatter : INetFormatter<T3>
        where T4Formatter : INetFormatter<T4>
        where T5Formatter : INetFormatter<T5>
        where T6Formatter : INetFormatter<T6>
        where T7Formatter : INetFormatter<T7>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TupleBytes + Unsafe.SizeOf<(T1, T2, T3, T4, T5, T6, T7)>();

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Tuple<T1, T2, T3, T4, T5, T6, T7> value)
        {
            if (value is null)
            {
                ThrowNull<System.Tuple<T1, T2, T3, T4, T5, T6, T7>>();
            }
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
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out System.Tuple<T1, T2, T3, T4, T5, T6, T7> value)
        {
            if (reader.TryCharge(EmptyBytes(0))
                && TryEnterExactly(ref reader, 7)
                && T1Formatter.TryRead(ref reader, out T1? item1)
                && T2Formatter.TryRead(ref reader, out T2? item2)
                && T3Formatter.TryRead(ref reader, out T3? item3)
                && T4Formatter.TryRead(ref reader, out T4? item4)
                && T5Formatter.TryRead(ref reader, out T5? item5)
                && T6Formatter.TryRead(ref reader, out T6? item6)
                && T7Formatter.TryRead(ref reader, out T7? item7))
            {
                reader.Leave();
                value = new(item1, item2, item3, item4, item5, item6, item7);
                return true;
            }
            value = default;
            return false;
        }
    }
}
