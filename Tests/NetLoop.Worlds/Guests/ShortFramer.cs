using System.Buffers.Binary;

namespace NetLoop.Worlds.Guests;

/// <summary>A framer as an application writes it: a length of two bytes, little-endian. A length of 65,535 makes it throw.</summary>
internal sealed class ShortFramer(int maxBodyBytes) : IFramer
{
    public const int HeaderLength = 2;
    public const ushort Poison = ushort.MaxValue;

    public int MaxBodyBytes => maxBodyBytes;

    public int HeaderBytes => HeaderLength;

    public ReadOnlySpan<byte> Trailer => default;

    public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
    {
        frame = default;
        if (received.Length < HeaderLength)
        {
            return FrameStatus.Incomplete;
        }

        ushort length = BinaryPrimitives.ReadUInt16LittleEndian(received);
        if (length == Poison)
        {
            throw new InvalidOperationException("as asked");
        }

        if (length > maxBodyBytes)
        {
            return FrameStatus.TooLarge;
        }

        frame = new FrameBounds(HeaderLength, length, HeaderLength + length);
        return received.Length >= HeaderLength + length ? FrameStatus.Complete : FrameStatus.Incomplete;
    }

    public void WriteHeader(Span<byte> header, int bodyBytes) => BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)bodyBytes);
}
