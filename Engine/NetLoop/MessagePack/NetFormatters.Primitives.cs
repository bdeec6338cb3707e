using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>The formatters that generated code is composed of.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class NetFormatters
{
    /// <summary>Formats <see cref="bool"/>.</summary>
    public readonly struct Boolean : INetFormatter<bool>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in bool value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out bool value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="byte"/>.</summary>
    public readonly struct Byte : INetFormatter<byte>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in byte value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out byte value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="sbyte"/>.</summary>
    public readonly struct SByte : INetFormatter<sbyte>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in sbyte value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out sbyte value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="ushort"/>.</summary>
    public readonly struct UInt16 : INetFormatter<ushort>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in ushort value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out ushort value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="short"/>.</summary>
    public readonly struct Int16 : INetFormatter<short>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in short value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out short value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="char"/>.</summary>
    public readonly struct Char : INetFormatter<char>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in char value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out char value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="uint"/>.</summary>
    public readonly struct UInt32 : INetFormatter<uint>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in uint value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out uint value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="int"/>.</summary>
    public readonly struct Int32 : INetFormatter<int>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in int value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out int value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="ulong"/>.</summary>
    public readonly struct UInt64 : INetFormatter<ulong>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in ulong value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out ulong value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="long"/>.</summary>
    public readonly struct Int64 : INetFormatter<long>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in long value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out long value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="float"/>.</summary>
    public readonly struct Single : INetFormatter<float>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in float value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out float value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="double"/>.</summary>
    public readonly struct Double : INetFormatter<double>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in double value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out double value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="global::System.DateTime"/>.</summary>
    public readonly struct DateTime : INetFormatter<global::System.DateTime>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in global::System.DateTime value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out global::System.DateTime value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="global::System.DateTimeOffset"/>.</summary>
    public readonly struct DateTimeOffset : INetFormatter<global::System.DateTimeOffset>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in global::System.DateTimeOffset value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, out global::System.DateTimeOffset value) => reader.TryRead(out value);
    }

    /// <summary>Formats <see cref="string"/>; a null is written as nil, and nil is not read.</summary>
    public readonly struct String : INetFormatter<string>
    {
        /// <inheritdoc/>
        public static void Write(ref MessagePackWriter writer, in string value) => writer.Write(value);

        /// <inheritdoc/>
        public static bool TryRead(ref MessagePackReader reader, [MaybeNullWhen(false)] out string value) => reader.TryRead(out value);
    }
}
