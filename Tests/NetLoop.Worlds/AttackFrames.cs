using System.Buffers.Binary;

namespace NetLoop.Worlds;

/// <summary>The bytes that adversaries send.</summary>
internal static class AttackFrames
{
    /// <summary>The length of a frame's header, which holds the length of its body.</summary>
    public const int HeaderBytes = 4;

    /// <summary>The length of each frame in <see cref="Fragments"/>.</summary>
    public const int FragmentBytes = 7;

    /// <summary>A session's first frame: [0, 0, 1, [1, 0, nil, nil]].</summary>
    public static readonly byte[] Hello = Frame([0x94, 0x00, 0x00, 0x01, 0x94, 0x01, 0x00, 0xC0, 0xC0]);

    /// <summary>A message whose sender does not exist: [2, 64, [-1, 0, 1, 0]].</summary>
    public static readonly byte[] Move = Frame([0x93, 0x02, 0x40, 0x94, 0xFF, 0x00, 0x01, 0x00]);

    /// <summary>A request: [0, 7, 68, [1, 0]].</summary>
    public static readonly byte[] Ask = Frame([0x94, 0x00, 0x07, 0x44, 0x92, 0x01, 0x00]);

    /// <summary>A request that takes a while: [0, 7, 68, [39, 2]].</summary>
    public static readonly byte[] AskSlowly = Frame([0x94, 0x00, 0x07, 0x44, 0x92, 0x27, 0x02]);

    /// <summary>A request for the time: [0, 7, 2, [1]].</summary>
    public static readonly byte[] Ping = Frame([0x94, 0x00, 0x07, 0x02, 0x91, 0x01]);

    /// <summary>A response to nothing: [1, 9, nil, [1, 1]].</summary>
    public static readonly byte[] Answer = Frame([0x94, 0x01, 0x09, 0xC0, 0x92, 0x01, 0x01]);

    /// <summary>A message that does not fit its contract: [2, 64, "x"].</summary>
    public static readonly byte[] Bad = Frame([0x93, 0x02, 0x40, 0xA1, 0x78]);

    /// <summary>A message whose array claims 2^32 - 1 elements.</summary>
    public static readonly byte[] HugeCount = Frame([0x93, 0x02, 0x40, 0xDD, 0xFF, 0xFF, 0xFF, 0xFF]);

    /// <summary>A request to upgrade to WebSocket.</summary>
    public static readonly byte[] Upgrade =
    [
        .. "GET / HTTP/1.1\r\nHost: world\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "u8
            + "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"u8,
    ];

    /// <summary>A WebSocket upgrade and a session's first message.</summary>
    public static readonly byte[] WebSocketHello = [.. Upgrade, .. WebSocketFrame(0x82, Hello.AsSpan(4))];

    /// <summary>The first fragment of a message and 2,000 more, none of them the last.</summary>
    public static readonly byte[] Fragments = [.. WebSocketFrame(0x02, [0x93]), .. Repeat(WebSocketFrame(0x00, [0x02]), 2_000)];

    /// <summary>A WebSocket ping.</summary>
    public static readonly byte[] WebSocketPing = WebSocketFrame(0x89, [1, 2, 3, 4]);

    /// <summary>A WebSocket close frame with code 1000.</summary>
    public static readonly byte[] WebSocketClose = WebSocketFrame(0x88, [0x03, 0xE8]);

    /// <summary>A message whose sender does not exist, in a frame without a mask.</summary>
    public static readonly byte[] Unmasked = [0x82, (byte)(Move.Length - 4), .. Move.AsSpan(4)];

    /// <summary>An HTTP head of the given length that never ends.</summary>
    public static byte[] LongHead(int bytes)
    {
        byte[] head = new byte[bytes];
        head.AsSpan().Fill((byte)'x');
        "GET / HTTP/1.1\r\nCookie: "u8.CopyTo(head);
        return head;
    }

    /// <summary>A frame with arrays nested to the given depth.</summary>
    public static byte[] Nested(int depth)
    {
        byte[] body = new byte[depth + 3];
        body.AsSpan(3).Fill(0x91);
        (body[0], body[1], body[2]) = (0x93, 0x02, 0x7F);
        return Frame(body);
    }

    /// <summary>A header that announces a body length, followed by a number of bytes.</summary>
    public static byte[] Announce(uint announced, int sent)
    {
        byte[] frame = new byte[4 + sent];
        BinaryPrimitives.WriteUInt32BigEndian(frame, announced);
        return frame;
    }

    /// <summary>One frame again and again.</summary>
    public static byte[] Repeat(byte[] frame, int count)
    {
        byte[] all = new byte[frame.Length * count];
        for (int i = 0; i < count; i++)
        {
            frame.CopyTo(all, i * frame.Length);
        }

        return all;
    }

    /// <summary>A short frame of a WebSocket client. Its mask is zero, so the bytes are not changed.</summary>
    private static byte[] WebSocketFrame(byte first, ReadOnlySpan<byte> body) => [first, (byte)(0x80 | body.Length), 0, 0, 0, 0, .. body];

    /// <summary>A body with its length in front of it.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)body.Length);
        body.CopyTo(frame.AsSpan(4));
        return frame;
    }
}
