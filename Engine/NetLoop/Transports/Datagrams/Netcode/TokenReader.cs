using System.Buffers.Binary;

namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>Reads little-endian values in sequence. After the end it reads zeros and has failed.</summary>
internal ref struct TokenReader(ReadOnlySpan<byte> memory)
{
    private static readonly byte[] Zeros = new byte[ConnectTokenFormat.PrivateBytes];

    /// <summary>The bytes that are not read yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = memory;

    /// <summary>Whether there were too few bytes.</summary>
    public bool HasFailed { get; private set; }

    public ReadOnlySpan<byte> Take(int bytes)
    {
        if (Rest.Length < bytes)
        {
            HasFailed = true;
            Rest = default;
            return Zeros.AsSpan(0, bytes);
        }

        ReadOnlySpan<byte> taken = Rest[..bytes];
        Rest = Rest[bytes..];
        return taken;
    }

    public bool TryCopyTo(scoped Span<byte> bytes)
    {
        Take(bytes.Length).CopyTo(bytes);
        return !HasFailed;
    }

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
}
