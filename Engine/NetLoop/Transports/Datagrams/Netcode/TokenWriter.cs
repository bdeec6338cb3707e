using System.Buffers.Binary;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>Writes little-endian values in sequence.</summary>
internal ref struct TokenWriter(Span<byte> memory)
{
    private Span<byte> _rest = memory;

    public Span<byte> Take(int bytes)
    {
        Span<byte> taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }

    public void Write(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Write(byte value) => Take(1)[0] = value;

    public void Write(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void Write(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Write(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);
}
