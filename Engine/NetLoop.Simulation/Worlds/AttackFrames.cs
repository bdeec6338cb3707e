using System.Buffers.Binary;

namespace NetLoop.Simulation.Worlds;

/// <summary>What adversaries say, byte for byte.</summary>
internal static class AttackFrames
{
    /// <summary>A session's first frame: [0, 0, 1, [1, 0, nil, nil]].</summary>
    public static readonly byte[] Hello = Frame([0x94, 0x00, 0x00, 0x01, 0x94, 0x01, 0x00, 0xC0, 0xC0]);

    /// <summary>A message of nobody: [2, 64, [-1, 0, 1, 0]].</summary>
    public static readonly byte[] Move = Frame([0x93, 0x02, 0x40, 0x94, 0xFF, 0x00, 0x01, 0x00]);

    /// <summary>A request: [0, 7, 68, [1, 0]].</summary>
    public static readonly byte[] Ask = Frame([0x94, 0x00, 0x07, 0x44, 0x92, 0x01, 0x00]);

    /// <summary>A request that takes a while: [0, 7, 68, [39, 2]].</summary>
    public static readonly byte[] AskSlowly = Frame([0x94, 0x00, 0x07, 0x44, 0x92, 0x27, 0x02]);

    /// <summary>A request for the time: [0, 7, 2, [1]].</summary>
    public static readonly byte[] Ping = Frame([0x94, 0x00, 0x07, 0x02, 0x91, 0x01]);

    /// <summary>A response to nothing: [1, 9, nil, [1, 1]].</summary>
    public static readonly byte[] Answer = Frame([0x94, 0x01, 0x09, 0xC0, 0x92, 0x01, 0x01]);

    /// <summary>A message that is none: [2, 64, "x"].</summary>
    public static readonly byte[] Bad = Frame([0x93, 0x02, 0x40, 0xA1, 0x78]);

    /// <summary>A message whose array claims 2^32 - 1 elements.</summary>
    public static readonly byte[] HugeCount = Frame([0x93, 0x02, 0x40, 0xDD, 0xFF, 0xFF, 0xFF, 0xFF]);

    /// <summary>Arrays in arrays, as many as the frame has bytes.</summary>
    public static byte[] Nested(int depth)
    {
        byte[] body = new byte[depth + 3];
        body.AsSpan(3).Fill(0x91);
        (body[0], body[1], body[2]) = (0x93, 0x02, 0x7F);
        return Frame(body);
    }

    /// <summary>A header that announces so many bytes, and so many of them.</summary>
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

    private static byte[] Frame(ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)body.Length);
        body.CopyTo(frame.AsSpan(4));
        return frame;
    }
}
