using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetLoop.Framing.WebSockets;

/// <summary>The masking of WebSocket payloads: exclusive or with a repeated key of four bytes; masking twice restores the payload.</summary>
/// <remarks>Source: RFC 6455, section 5.3. A key is its four bytes in memory order, read as one native integer.</remarks>
internal static class WebSocketMask
{
    public const int KeyBytes = 4;

    /// <summary>Masks or unmasks.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="destination">At least as long; may be the source itself.</param>
    /// <param name="key">The frame's key.</param>
    /// <param name="phase">Number of preceding bytes of the same payload.</param>
    public static void Apply(ReadOnlySpan<byte> source, Span<byte> destination, uint key, int phase = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, source.Length);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        uint turned = Turn(key, phase);

        // Whole vectors first; each is a multiple of four bytes, so the key stays aligned.
        int i = 0;
        if (source.Length >= Vector<byte>.Count)
        {
            Vector<byte> keys = Vector.AsVectorByte(new Vector<uint>(turned));
            for (; i <= source.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                (Vector.LoadUnsafe(ref from, (nuint)i) ^ keys).StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i <= source.Length - sizeof(uint); i += sizeof(uint))
        {
            uint word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, i));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, i), word ^ turned);
        }

        ReadOnlySpan<byte> rest = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in turned));
        for (; i < source.Length; i++)
        {
            Unsafe.Add(ref to, i) = (byte)(Unsafe.Add(ref from, i) ^ rest[i % KeyBytes]);
        }
    }

    private static uint Turn(uint key, int phase)
    {
        int bits = 8 * (phase % KeyBytes);
        return BitConverter.IsLittleEndian ? BitOperations.RotateRight(key, bits) : BitOperations.RotateLeft(key, bits);
    }
}
