using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetLoop.Framing.WebSockets;

/// <summary>The header of one frame: two bytes that describe the rest, then the extended length and the key.</summary>
/// <remarks>Source: RFC 6455, section 5.2.</remarks>
internal readonly struct WebSocketHeader(byte first, byte second)
{
    /// <summary>Two bytes, a length of eight and a key of four.</summary>
    public const int MaxBytes = 14;

    public const int MaxControlPayloadBytes = 125;

    private const int FixedBytes = 2;
    private const int MaxTinyPayload = 125;
    private const int SmallMarker = 126;
    private const byte FinalBit = 0x80;
    private const byte MaskBit = 0x80;

    /// <summary>Whether the message ends with this frame.</summary>
    public bool IsFinal => (first & FinalBit) != 0;

    /// <summary>The three bits for extensions; 0 without extensions.</summary>
    public int ReservedBits => (first >> 4) & 7;

    /// <summary>May be an undefined one.</summary>
    public WebSocketOpcode Opcode => (WebSocketOpcode)(first & 0xF);

    public bool IsControl => (first & 8) != 0;

    public bool IsMasked => (second & MaskBit) != 0;

    /// <summary>Whether the length has an extended form, which control frames must not have.</summary>
    public bool IsLong => ShortLength > MaxTinyPayload;

    /// <summary>Bytes of the whole header.</summary>
    public int Bytes => FixedBytes + LengthBytes + (IsMasked ? WebSocketMask.KeyBytes : 0);

    private int ShortLength => second & 0x7F;

    private int LengthBytes => ShortLength switch
    {
        <= MaxTinyPayload => 0,
        SmallMarker => sizeof(ushort),
        _ => sizeof(ulong),
    };

    /// <summary>Length of the header for a payload.</summary>
    public static int BytesFor(long payloadBytes, bool isMasked) =>
        FixedBytes + (isMasked ? WebSocketMask.KeyBytes : 0) + payloadBytes switch
        {
            <= MaxTinyPayload => 0,
            <= ushort.MaxValue => sizeof(ushort),
            _ => sizeof(ulong),
        };

    /// <summary>Writes the header of a frame that is a whole message, or a control frame.</summary>
    /// <param name="header">Exactly <see cref="BytesFor"/> bytes.</param>
    /// <param name="opcode">What the frame carries.</param>
    /// <param name="payloadBytes">Its length.</param>
    /// <param name="key">The mask, or null for a server's frame.</param>
    public static void Write(Span<byte> header, WebSocketOpcode opcode, long payloadBytes, uint? key)
    {
        header[0] = (byte)(FinalBit | (int)opcode);
        byte maskBit = key is null ? (byte)0 : MaskBit;
        switch (payloadBytes)
        {
            case <= MaxTinyPayload:
                header[1] = (byte)(maskBit | (int)payloadBytes);
                break;

            case <= ushort.MaxValue:
                header[1] = (byte)(maskBit | SmallMarker);
                BinaryPrimitives.WriteUInt16BigEndian(header[FixedBytes..], (ushort)payloadBytes);
                break;

            default:
                header[1] = (byte)(maskBit | (SmallMarker + 1));
                BinaryPrimitives.WriteUInt64BigEndian(header[FixedBytes..], (ulong)payloadBytes);
                break;
        }

        if (key is { } mask)
        {
            MemoryMarshal.Write(header[^WebSocketMask.KeyBytes..], in mask);
        }
    }

    /// <summary>Reads the length, once the whole header has arrived.</summary>
    /// <returns>False for a length that is not in its shortest form, or beyond 2^63 - 1.</returns>
    public bool TryReadLength(ReadOnlySpan<byte> header, out long payloadBytes)
    {
        ReadOnlySpan<byte> rest = header[FixedBytes..];
        switch (LengthBytes)
        {
            case 0:
                payloadBytes = ShortLength;
                return true;

            case sizeof(ushort):
                payloadBytes = BinaryPrimitives.ReadUInt16BigEndian(rest);
                return payloadBytes > MaxTinyPayload;

            default:
                payloadBytes = BinaryPrimitives.ReadInt64BigEndian(rest);
                return payloadBytes > ushort.MaxValue;
        }
    }

    /// <summary>Reads the key, once the whole header has arrived; 0 for a frame without one.</summary>
    public uint ReadKey(ReadOnlySpan<byte> header) =>
        IsMasked ? MemoryMarshal.Read<uint>(header.Slice(FixedBytes + LengthBytes, WebSocketMask.KeyBytes)) : 0;
}
