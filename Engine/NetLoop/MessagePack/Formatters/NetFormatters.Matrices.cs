namespace NetLoop.CompilerServices;

public static partial class NetFormatters
{
    /// <summary>Formats <see cref="global::System.Numerics.Plane"/> as an array of 4 floats: the normal and the distance.</summary>
    public readonly struct Plane : INetFormatter<System.Numerics.Plane>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Numerics.Plane value)
        {
            writer.WriteArrayHeader(4);
            writer.Write(value.Normal.X);
            writer.Write(value.Normal.Y);
            writer.Write(value.Normal.Z);
            writer.Write(value.D);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Numerics.Plane value)
        {
            if (TryReadExactly(ref reader, 4)
                && reader.TryRead(out float x)
                && reader.TryRead(out float y)
                && reader.TryRead(out float z)
                && reader.TryRead(out float d))
            {
                value = new(x, y, z, d);
                return true;
            }

            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Numerics.Matrix3x2"/> as an array of 6 floats, row by row.</summary>
    public readonly struct Matrix3x2 : INetFormatter<System.Numerics.Matrix3x2>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Numerics.Matrix3x2 value)
        {
            writer.WriteArrayHeader(6);
            writer.Write(value.M11);
            writer.Write(value.M12);
            writer.Write(value.M21);
            writer.Write(value.M22);
            writer.Write(value.M31);
            writer.Write(value.M32);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Numerics.Matrix3x2 value)
        {
            if (TryReadExactly(ref reader, 6)
                && reader.TryRead(out float m11)
                && reader.TryRead(out float m12)
                && reader.TryRead(out float m21)
                && reader.TryRead(out float m22)
                && reader.TryRead(out float m31)
                && reader.TryRead(out float m32))
            {
                value = new(m11, m12, m21, m22, m31, m32);
                return true;
            }

            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Numerics.Matrix4x4"/> as an array of 16 floats, row by row.</summary>
    public readonly struct Matrix4x4 : INetFormatter<System.Numerics.Matrix4x4>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Numerics.Matrix4x4 value)
        {
            writer.WriteArrayHeader(16);
            writer.Write(value.M11);
            writer.Write(value.M12);
            writer.Write(value.M13);
            writer.Write(value.M14);
            writer.Write(value.M21);
            writer.Write(value.M22);
            writer.Write(value.M23);
            writer.Write(value.M24);
            writer.Write(value.M31);
            writer.Write(value.M32);
            writer.Write(value.M33);
            writer.Write(value.M34);
            writer.Write(value.M41);
            writer.Write(value.M42);
            writer.Write(value.M43);
            writer.Write(value.M44);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Numerics.Matrix4x4 value)
        {
            if (TryReadExactly(ref reader, 16)
                && reader.TryRead(out float m11)
                && reader.TryRead(out float m12)
                && reader.TryRead(out float m13)
                && reader.TryRead(out float m14)
                && reader.TryRead(out float m21)
                && reader.TryRead(out float m22)
                && reader.TryRead(out float m23)
                && reader.TryRead(out float m24)
                && reader.TryRead(out float m31)
                && reader.TryRead(out float m32)
                && reader.TryRead(out float m33)
                && reader.TryRead(out float m34)
                && reader.TryRead(out float m41)
                && reader.TryRead(out float m42)
                && reader.TryRead(out float m43)
                && reader.TryRead(out float m44))
            {
                value = new(
                    m11, m12, m13, m14,
                    m21, m22, m23, m24,
                    m31, m32, m33, m34,
                    m41, m42, m43, m44);
                return true;
            }

            value = default;
            return false;
        }
    }

    /// <summary>Formats <see cref="global::System.Numerics.Complex"/> as an array of 2 doubles: the real and the imaginary part.</summary>
    public readonly struct Complex : INetFormatter<System.Numerics.Complex>
    {
        /// <inheritdoc/>
        public static void Write(ref NetWriter writer, in System.Numerics.Complex value)
        {
            writer.WriteArrayHeader(2);
            writer.Write(value.Real);
            writer.Write(value.Imaginary);
        }

        /// <inheritdoc/>
        public static bool TryRead(ref NetReader reader, out System.Numerics.Complex value)
        {
            if (TryReadExactly(ref reader, 2)
                && reader.TryRead(out double real)
                && reader.TryRead(out double imaginary))
            {
                value = new(real, imaginary);
                return true;
            }

            value = default;
            return false;
        }
    }
}
