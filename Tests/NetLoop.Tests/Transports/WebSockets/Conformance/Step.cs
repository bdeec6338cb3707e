using System.Buffers.Binary;

namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>One action of this side: it sends a frame, or the beginning or the rest of one, or it waits.</summary>
internal sealed record Step
{
    /// <summary>The frame's first byte; -1 for bytes that belong to the previous frame.</summary>
    public int First { get; private init; } = -1;

    public byte[] Payload { get; private init; } = [];

    /// <summary>The announced length if the payload is only the beginning; otherwise the payload's length.</summary>
    public int AnnouncedBytes { get; private init; }

    /// <summary>Number of bytes in one send; 0 for everything before the next wait.</summary>
    public int Chop { get; init; }

    /// <summary>Waits until the peer has read everything that was sent and could respond.</summary>
    public bool IsWait { get; private init; }

    public static Step Wait { get; } = new() { IsWait = true };

    public static Step Frame(int opcode, byte[] payload, bool isFinal = true, int reserved = 0, int chop = 0) => new()
    {
        First = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode,
        Payload = payload,
        AnnouncedBytes = payload.Length,
        Chop = chop,
    };

    /// <summary>A final frame of which only the beginning is sent.</summary>
    public static Step Begin(int opcode, byte[] payload, int announcedBytes) =>
        new() { First = 0x80 | opcode, Payload = payload, AnnouncedBytes = announcedBytes };

    /// <summary>More bytes of a frame that was begun.</summary>
    public static Step More(byte[] payload) => new() { Payload = payload };

    /// <summary>Returns the bytes on the wire.</summary>
    /// <param name="key">Four bytes for the frames of a client; null for those of a server.</param>
    /// <param name="phase">Number of bytes of the current frame's payload that were sent; updated.</param>
    public byte[] ToBytes(byte[]? key, ref int phase)
    {
        byte[] header = First < 0 ? [] : Header(key);
        if (First >= 0)
        {
            phase = 0;
        }

        byte[] bytes = [.. header, .. Payload];
        for (int i = header.Length; key is not null && i < bytes.Length; i++)
        {
            bytes[i] ^= key[phase++ & 3];
        }

        return bytes;
    }

    private byte[] Header(byte[]? key)
    {
        int maskBit = key is null ? 0 : 0x80;
        byte[] length = AnnouncedBytes switch
        {
            <= 125 => [(byte)(maskBit | AnnouncedBytes)],
            <= 65_535 => [(byte)(maskBit | 126), (byte)(AnnouncedBytes >> 8), (byte)AnnouncedBytes],
            _ => [(byte)(maskBit | 127), 0, 0, 0, 0, .. BigEndian(AnnouncedBytes)],
        };
        return [(byte)First, .. length, .. key ?? []];
    }

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
