namespace NetLoop.CompilerServices;

// Vectors are arrays of 32-bit floats. Their size is known, so each is written and read in one piece.
public static partial class NetFormatters
{
    /// <summary>Formats <see cref="global::System.Numerics.Vector2"/> as an array of 2 floats.</summary>
    public readonly struct Vector2 : INetFormatter<System.Numerics.Vector2>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Numerics.Vector2 value)
        {
            writer.WriteArrayHeader(2);
            writer.Write(value.X);
            writer.Write(value.Y);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Numerics.Vector2 value)
        {
            if (TryReadExactly(ref reader, 2)
                && reader.TryRead(out float x)
                && reader.TryRead(out float y))
            {
                value = new(x, y);
                return true;
            }

            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Numerics.Vector3"/> as an array of 3 floats.</summary>
    public readonly struct Vector3 : INetFormatter<System.Numerics.Vector3>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Numerics.Vector3 value)
        {
            writer.WriteArrayHeader(3);
            writer.Write(value.X);
            writer.Write(value.Y);
            writer.Write(value.Z);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Numerics.Vector3 value)
        {
            if (TryReadExactly(ref reader, 3)
                && reader.TryRead(out float x)
                && reader.TryRead(out float y)
                && reader.TryRead(out float z))
            {
                value = new(x, y, z);
                return true;
            }

            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Numerics.Vector4"/> as an array of 4 floats.</summary>
    public readonly struct Vector4 : INetFormatter<System.Numerics.Vector4>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Numerics.Vector4 value)
        {
            writer.WriteArrayHeader(4);
            writer.Write(value.X);
            writer.Write(value.Y);
            writer.Write(value.Z);
            writer.Write(value.W);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Numerics.Vector4 value)
        {
            if (TryReadExactly(ref reader, 4)
                && reader.TryRead(out float x)
                && reader.TryRead(out float y)
                && reader.TryRead(out float z)
                && reader.TryRead(out float w))
            {
                value = new(x, y, z, w);
                return true;
            }

            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Numerics.Quaternion"/> as an array of 4 floats.</summary>
    public readonly struct Quaternion : INetFormatter<System.Numerics.Quaternion>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Numerics.Quaternion value) =>
            Vector4.Write(ref writer, new(value.X, value.Y, value.Z, value.W));

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Numerics.Quaternion value)
        {
            bool read = Vector4.TryRead(ref reader, out System.Numerics.Vector4 four);
            value = new(four.X, four.Y, four.Z, four.W);
            return read;
        }
    }

    private static bool TryReadExactly(ref NetReader reader, int expected) =>
        reader.TryReadArrayHeader(out int count) && (count == expected || reader.Fail(DecodeStatus.WrongType));
}
