using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop.CompilerServices;

/// <summary>The formatters that generated code is composed of.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class NetFormatters
{
    /// <summary>Formats <see cref="bool"/>.</summary>
    public readonly struct Boolean : INetFormatter<bool>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in bool value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out bool value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="byte"/>.</summary>
    public readonly struct Byte : INetFormatter<byte>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in byte value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out byte value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="sbyte"/>.</summary>
    public readonly struct SByte : INetFormatter<sbyte>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in sbyte value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out sbyte value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="ushort"/>.</summary>
    public readonly struct UInt16 : INetFormatter<ushort>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in ushort value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out ushort value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="short"/>.</summary>
    public readonly struct Int16 : INetFormatter<short>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in short value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out short value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="char"/>.</summary>
    public readonly struct Char : INetFormatter<char>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in char value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out char value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="uint"/>.</summary>
    public readonly struct UInt32 : INetFormatter<uint>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in uint value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out uint value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="int"/>.</summary>
    public readonly struct Int32 : INetFormatter<int>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in int value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out int value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="ulong"/>.</summary>
    public readonly struct UInt64 : INetFormatter<ulong>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in ulong value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out ulong value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="long"/>.</summary>
    public readonly struct Int64 : INetFormatter<long>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in long value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out long value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="float"/>.</summary>
    public readonly struct Single : INetFormatter<float>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in float value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out float value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="double"/>.</summary>
    public readonly struct Double : INetFormatter<double>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in double value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out double value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="global::System.DateTime"/>.</summary>
    public readonly struct DateTime : INetFormatter<global::System.DateTime>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in global::System.DateTime value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out global::System.DateTime value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="global::System.DateTimeOffset"/>.</summary>
    public readonly struct DateTimeOffset : INetFormatter<global::System.DateTimeOffset>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in global::System.DateTimeOffset value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out global::System.DateTimeOffset value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="string"/>; a null is written as nil, and nil is not read.</summary>
    public readonly struct String : INetFormatter<string>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in string value)
        {
            if (value is null)
            {
                ThrowNull<string>();
            }

            writer.Write(value.AsSpan());
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out string value) => reader.TryRead(out value);
    }
}
