using System.Numerics;
using System.Runtime.CompilerServices;

namespace NetLoop.CompilerServices;

public static partial class FixedLayout
{
    /// <summary>Writes an array of 2 floats: 11 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, Vector2 value)
    {
        at = ref WriteArrayHeader(ref at, 2);
        at = ref Write(ref at, value.X);
        return ref Write(ref at, value.Y);
    }

    /// <summary>Writes an array of 3 floats: 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, Vector3 value)
    {
        at = ref WriteArrayHeader(ref at, 3);
        at = ref Write(ref at, value.X);
        at = ref Write(ref at, value.Y);
        return ref Write(ref at, value.Z);
    }

    /// <summary>Writes an array of 4 floats: 21 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, Vector4 value)
    {
        at = ref WriteArrayHeader(ref at, 4);
        at = ref Write(ref at, value.X);
        at = ref Write(ref at, value.Y);
        at = ref Write(ref at, value.Z);
        return ref Write(ref at, value.W);
    }

    /// <summary>Writes an array of 4 floats: 21 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Write(ref byte at, Quaternion value)
    {
        at = ref WriteArrayHeader(ref at, 4);
        at = ref Write(ref at, value.X);
        at = ref Write(ref at, value.Y);
        at = ref Write(ref at, value.Z);
        return ref Write(ref at, value.W);
    }
}
