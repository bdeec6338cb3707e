using System.Text;
using NetLoop.Framing.WebSockets;
using NetLoop.Fuzzing.Mutation;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Writes handshakes and frames that are correct or nearly correct.</summary>
internal static class WebSocketGrammar
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 16, 17, 124, 125, 126, 127, 299, 300, 301];

    private static readonly int[] Codes = [0, 999, 1000, 1001, 1004, 1005, 1006, 1007, 1011, 1015, 2999, 3000, 4999, 5000, 65_535];

    private static readonly string[] Headers =
    [
        "Host: 127.0.0.1", "host:other:80", "Upgrade: websocket", "UPGRADE: h2c, WebSocket ,", "Connection: Upgrade", "connection: keep-alive,upgrade",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA=",
        "Origin: http://127.0.0.1:8080", "Origin: https://evil.example", "Origin: null", "Content-Length: 0", "Content-Length: 5", "Transfer-Encoding: chunked",
        "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Accept: x", "X: ", ": no name", "no colon",
        " folded: line",
        "Bad Name: x", "X: \u0001", "X: \u00E4", "X: a\nY: b",
    ];

    private static readonly string[] StartLines =
    [
        "GET / HTTP/1.1", "GET / HTTP/1.0", "GET  HTTP/1.1", "POST / HTTP/1.1", "GET /a?b=c HTTP/1.1", "get / HTTP/1.1", "HTTP/1.1 101 Switching Protocols",
        "HTTP/1.1 403 x", "HTTP/1.1",
    ];

    /// <summary>Adds a request, or the response to one.</summary>
    public static void AddHead(InputBuffer output, FuzzRandom random, bool forClient)
    {
        ReadOnlySpan<byte> usual = forClient
            ? WebSocketBench.Answer
            : "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "u8
                + "AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"u8;
        if (random.OneIn(4))
        {
            AddLine(output, StartLines[random.Below(StartLines.Length)]);
            usual = "\r\n"u8;
        }
        // Before the empty line at its end.
        output.Add(usual[..^2]);
        for (int more = random.OneIn(2) ? random.Below(12) : 0; more > 0; more--)
        {
            AddLine(output, Headers[random.Below(Headers.Length)]);
        }

        output.Add("\r\n"u8);
    }

    /// <summary>Adds a frame.</summary>
    public static void AddFrame(InputBuffer output, FuzzRandom random, bool isMasked)
    {
        int opcode = random.OneIn(24) ? random.Below(16) : random.Below(6) switch { 0 => 0, 1 => 8, 2 => 9, 3 => 10, 4 => 1, _ => 2 };
        int payloadBytes = random.OneIn(3) ? Lengths[random.Below(Lengths.Length)] : random.Below(20);
        int start = output.Length;
        output.Add((byte)((random.OneIn(4) ? 0 : 0x80) | (random.OneIn(24) ? random.Below(8) << 4 : 0) | opcode));
        AddLength(output, random, payloadBytes, random.OneIn(24) ? 0x80 - (isMasked ? 0x80 : 0) : isMasked ? 0x80 : 0);
        uint key = random.OneIn(2) ? 0 : (uint)random.Next64();
        if (isMasked)
        {
            output.AddBigEndian(key, sizeof(uint));
        }

        int payload = output.Length;
        AddPayload(output, random, opcode, payloadBytes);
        if (isMasked && output.Length > payload)
        {
            ReadOnlySpan<byte> asItLies = output.Written.Slice(payload - sizeof(uint), sizeof(uint));
            Span<byte> body = output.Editable[payload..];
            WebSocketMask.Apply(body, body, BitConverter.ToUInt32(asItLies));
        }

        if (random.OneIn(24))
        {
            output.Truncate(start + random.Below(output.Length - start + 1));
        }
    }

    /// <summary>Adds a message in fragments, with pings between them.</summary>
    public static void AddFragments(InputBuffer output, FuzzRandom random, bool isMasked)
    {
        int fragments = 2 + random.Below(4);
        for (int i = 0; i < fragments; i++)
        {
            output.Add((byte)((i == fragments - 1 ? 0x80 : 0) | (i == 0 ? 2 : 0)));
            AddShortPayload(output, random, isMasked);
            if (i < fragments - 1 && random.OneIn(4))
            {
                output.Add(0x89);
                AddShortPayload(output, random, isMasked);
            }
        }
    }

    private static void AddShortPayload(InputBuffer output, FuzzRandom random, bool isMasked)
    {
        int bytes = random.Below(6);
        output.Add((byte)((isMasked ? 0x80 : 0) | bytes));
        if (isMasked)
        {
            output.AddBigEndian(random.Next64() >> 32, sizeof(uint));
        }

        for (; bytes > 0; bytes--)
        {
            output.Add(random.NextByte());
        }
    }

    private static void AddLength(InputBuffer output, FuzzRandom random, int payloadBytes, int maskBit)
    {
        int form = random.OneIn(24) ? random.Below(3) : payloadBytes <= 125 ? 0 : 1;
        ulong claimed = random.OneIn(24) ? MessagePackGrammar.Number(random) : (ulong)payloadBytes;
        output.Add((byte)(maskBit | form switch { 0 => Math.Min(payloadBytes, 125), 1 => 126, _ => 127 }));
        output.AddBigEndian(claimed, form switch { 0 => 0, 1 => sizeof(ushort), _ => sizeof(ulong) });
    }

    private static void AddPayload(InputBuffer output, FuzzRandom random, int opcode, int bytes)
    {
        int end = Math.Min(output.Length + bytes, InputBuffer.MaxBytes);
        if (opcode == 8 && bytes >= 2)
        {
            output.AddBigEndian((ulong)Codes[random.Below(Codes.Length)], sizeof(ushort));
        }

        Span<byte> text = stackalloc byte[4];
        while (output.Length < end)
        {
            int length = random.OneIn(16)
                ? 1
                : Rune.TryCreate((int)(random.Next64() >> 43) >> random.Below(15), out Rune rune) ? rune.EncodeToUtf8(text) : 1;
            if (length == 1 && random.OneIn(8))
            {
                text[0] = random.NextByte();
            }

            output.Add(text[..Math.Min(length, end - output.Length)]);
        }
    }

    private static void AddLine(InputBuffer output, string line)
    {
        output.Add(Encoding.Latin1.GetBytes(line));
        output.Add("\r\n"u8);
    }
}
