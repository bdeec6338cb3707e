using System.Buffers.Binary;

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>
/// The header of a segment: a body, or a piece of one. One byte with the channel (bits 0 to 3), the delivery (4 and 5), and whether it is the first (6) and
/// the last (7) piece; the low 16 bits of its number in its lane; its length as a varint of 1 to 3 bytes.
/// </summary>
internal readonly record struct SegmentHeader(int Channel, Delivery Delivery, bool IsFirst, bool IsLast, ushort Number, int Length)
{
    /// <summary>Longest header.</summary>
    public const int MaxBytes = 1 + 2 + 3;

    private const int DeliveryShift = 4;
    private const int First = 0x40;
    private const int Last = 0x80;

    /// <summary>Index of the lane: each delivery on a channel has numbers of its own.</summary>
    public int Lane => (Channel << 2) | (int)Delivery;

    public static int BytesFor(int length) => 3 + (length < 0x80 ? 1 : length < 0x4000 ? 2 : 3);

    public int Write(Span<byte> bytes)
    {
        bytes[0] = (byte)(Channel | ((int)Delivery << DeliveryShift) | (IsFirst ? First : 0) | (IsLast ? Last : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[1..], Number);
        int at = 3;
        int rest = Length;
        while (rest >= 0x80)
        {
            bytes[at++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        bytes[at++] = (byte)rest;
        return at;
    }

    /// <summary>Reads a header.</summary>
    /// <returns>Its length in bytes; 0 if it is malformed, empty, or longer than the content that follows.</returns>
    public static int TryRead(ReadOnlySpan<byte> bytes, out SegmentHeader header)
    {
        header = default;
        if (bytes.Length < 4)
        {
            return 0;
        }

        int length = 0;
        int at = 3;
        for (int shift = 0; ; shift += 7)
        {
            if (at == bytes.Length || shift > 14)
            {
                return 0;
            }

            byte next = bytes[at++];
            length |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        if (length == 0 || length > bytes.Length - at)
        {
            return 0;
        }

        byte head = bytes[0];
        header = new SegmentHeader(
            head & 0xF,
            (Delivery)((head >> DeliveryShift) & 3),
            (head & First) != 0,
            (head & Last) != 0,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]),
            length);
        return at;
    }
}
