using System.Buffers.Binary;

namespace NetLoop.Demo.Page;

/// <summary>Frames as in Engine/PROTOCOL.md, section 2, for clients that break its rules.</summary>
internal static class RawFrames
{
    private const int HeaderBytes = 4;

    /// <summary>A client's first request, without a token: <c>[0, 0, 1, [1, 0, nil, nil]]</c>.</summary>
    public static byte[] Hello { get; } = [0, 0, 0, 9, 0x94, 0, 0, 1, 0x94, 1, 0, 0xC0, 0xC0];

    /// <summary>Encodes a message in its frame.</summary>
    public static byte[] Message<T>(in T message)
        where T : INetMessage<T>
    {
        byte[] payload = NetMessagePack.Serialize(message);
        byte[] frame = new byte[HeaderBytes + 8 + payload.Length];
        var writer = new NetWriter(frame.AsSpan(HeaderBytes));
        writer.WriteArrayHeader(3);
        writer.Write(2);
        writer.Write(T.MessageType);
        writer.WriteRaw(payload);
        BinaryPrimitives.WriteInt32BigEndian(frame, writer.BytesWritten);
        return frame[..(HeaderBytes + writer.BytesWritten)];
    }
}
