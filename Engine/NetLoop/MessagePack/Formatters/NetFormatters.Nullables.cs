using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NetLoop.CompilerServices;

public static partial class NetFormatters
{
    /// <summary>Formats a value or nil.</summary>
    public readonly struct Nullable<T, TFormatter> : INetFormatter<T?>
        where T : struct
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TFormatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in T? value)
        {
            if (value.HasValue)
            {
                TFormatter.Write(ref writer, value.GetValueOrDefault());
            }
            else
            {
                writer.WriteNil();
            }
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out T? value)
        {
            value = null;
            if (reader.TryReadNil())
            {
                return true;
            }

            bool read = TFormatter.TryRead(ref reader, out T some);
            value = read ? some : null;
            return read;
        }
    }

    /// <summary>Formats a reference or nil.</summary>
    public readonly struct NullableReference<T, TFormatter> : INetFormatter<T?>
        where T : class
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TFormatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in T? value) => WriteOrNil<T, TFormatter>(ref writer, in value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out T? value)
        {
            value = null;
            return reader.TryReadNil() || TFormatter.TryRead(ref reader, out value);
        }
    }

    /// <summary>Formats a value of a type parameter that may be null: nil stands for null if the type allows null.</summary>
    public readonly struct NullableParameter<T, TFormatter> : INetFormatter<T?>
        where TFormatter : INetFormatter<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => TFormatter.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in T? value) => WriteOrNil<T, TFormatter>(ref writer, in value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out T? value)
        {
            value = default;
            return (value is null && reader.TryReadNil()) || TFormatter.TryRead(ref reader, out value);
        }
    }

    /// <summary>Formats a contract inside another.</summary>
    public readonly struct Contract<T> : INetFormatter<T>
        where T : INetContract<T>
    {
        /// <inheritdoc/>
        public static int EmptyBytes(int depth) => T.EmptyBytes(depth);

        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in T value)
        {
            if (value is null)
            {
                ThrowNull<T>();
            }
            // References may form a cycle, and a stack overflow cannot be caught; this throws while there is still some stack left.
            if (!typeof(T).IsValueType)
            {
                RuntimeHelpers.EnsureSufficientExecutionStack();
            }

            T.Write(ref writer, in value);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out T value) => T.TryRead(ref reader, out value);

        /// <summary>Reads a value and reuses the lists and arrays of another one.</summary>
        public static bool TryReadInto(ref NetReader reader, in T? reusable, [MaybeNullWhen(false)] out T value) =>
            T.TryRead(ref reader, in reusable, out value);
    }

    /// <summary>Memory of an empty value, for generated code that calls a formatter without its own implementation.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static int EmptyBytes<T, TFormatter>(int depth)
        where TFormatter : INetFormatter<T> => TFormatter.EmptyBytes(depth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteOrNil<T, TFormatter>(ref NetWriter writer, in T? value)
        where TFormatter : INetFormatter<T>
    {
        if (value is null)
        {
            writer.WriteNil();
        }
        else
        {
            TFormatter.Write(ref writer, in value);
        }
    }
}
