using System.Numerics;
using System.Runtime.CompilerServices;

namespace NetLoop.CompilerServices;

public ref partial struct FixedLayoutReader
{
    /// <summary>Reads an array of 2 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out Vector2 value)
    {
        if (TryReadArrayHeader(2) && TryRead(out float x) && TryRead(out float y))
        {
            value = new(x, y);
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Reads an array of 3 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out Vector3 value)
    {
        if (TryReadArrayHeader(3) && TryRead(out float x) && TryRead(out float y) && TryRead(out float z))
        {
            value = new(x, y, z);
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Reads an array of 4 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out Vector4 value)
    {
        if (TryReadArrayHeader(4) && TryRead(out float x) && TryRead(out float y) && TryRead(out float z) && TryRead(out float w))
        {
            value = new(x, y, z, w);
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Reads an array of 4 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out Quaternion value)
    {
        if (TryReadArrayHeader(4) && TryRead(out float x) && TryRead(out float y) && TryRead(out float z) && TryRead(out float w))
        {
            value = new(x, y, z, w);
            return true;
        }

        value = default;
        return false;
    }
}
