using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Transports.WebSockets.Conformance;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>A client that speaks WebSocket byte by byte: whatever a hostile or broken one may send. Blocking, with the hang guard as timeout.</summary>
internal sealed class RawWebSocket : IDisposable
{
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private static readonly byte[] Mask = [0x12, 0xAB, 0x5C, 0xF0];

    private readonly Socket _socket;

    public RawWebSocket(int port)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)TestHost.Patience.TotalMilliseconds,
            SendTimeout = (int)TestHost.Patience.TotalMilliseconds,
        };
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>The response to the upgrade.</summary>
    public string Head { get; private set; } = "";

    /// <summary>Connects and upgrades.</summary>
    /// <param name="port">Of a listener on loopback.</param>
    /// <param name="headers">More lines for the request, each with its end.</param>
    public static RawWebSocket Open(int port, string headers = "")
    {
        var client = new RawWebSocket(port);
        client.Send(Request(headers));
        client.ReadHead();
        Assert.That(client.Head, Does.StartWith("HTTP/1.1 101 "));
        return client;
    }

    public static byte[] Request(string headers = "") => Encoding.Latin1.GetBytes(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: "
            + $"13\r\nSec-WebSocket-Key: {Key}\r\n{headers}\r\n");

    /// <summary>A client's frame.</summary>
    public static byte[] Frame(int opcode, byte[] payload, bool isFinal = true)
    {
        int phase = 0;
        return Step.Frame(opcode, payload, isFinal).ToBytes(Mask, ref phase);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Sends what a server that closes may not want any more.</summary>
    public void SendIgnoringReset(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Send(bytes);
        }
        catch (SocketException)
        {
            // Refused by a socket that is closed: as good as discarded.
        }
    }

    public void ReadHead()
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && _socket.Receive(one) == 1)
        {
            head.Append((char)one[0]);
        }

        Head = head.ToString();
    }

    /// <summary>The next frame; null at the end of the stream.</summary>
    public ReceivedFrame? TryRead()
    {
        byte[] header = new byte[2];
        if (!TryFill(header))
        {
            return null;
        }

        Assert.That(header[0] & 0xF0, Is.EqualTo(0x80), "final, and no reserved bit");
        Assert.That(header[1] & 0x80, Is.Zero, "a server does not mask");
        int length = header[1];
        if (length >= 126)
        {
            byte[] extended = new byte[length == 126 ? 2 : 8];
            Assert.That(TryFill(extended), Is.True);
            length = length == 126 ? BinaryPrimitives.ReadUInt16BigEndian(extended) : (int)BinaryPrimitives.ReadUInt64BigEndian(extended);
        }

        byte[] payload = new byte[length];
        Assert.That(TryFill(payload), Is.True, "the stream ended inside a frame");
        return new ReceivedFrame(header[0] & 0xF, payload);
    }

    public ReceivedFrame Read() => TryRead() ?? throw new EndOfStreamException("The server closed where a frame was expected.");

    /// <summary>Expects that the next frame closes.</summary>
    /// <returns>What it says behind its code.</returns>
    public string ExpectClose(int code)
    {
        ReceivedFrame close = Read();
        Assert.That(close.Opcode, Is.EqualTo(8), close.ToString());
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(close.Payload), Is.EqualTo(code));
        return Encoding.UTF8.GetString(close.Payload.AsSpan(2));
    }

    /// <summary>Expects a close frame, answers it, and expects the end of the stream.</summary>
    public void ExpectCloseAndEnd(int code)
    {
        ExpectClose(code);
        SendIgnoringReset(Frame(8, [(byte)(code >> 8), (byte)code]));
        Assert.That(TryRead(), Is.Null, "a frame behind the close frame");
    }

    /// <summary>Ends the client's half of the stream.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    private bool TryFill(byte[] bytes)
    {
        for (int read = 0; read < bytes.Length;)
        {
            int received = _socket.Receive(bytes.AsSpan(read));
            if (received == 0)
            {
                return false;
            }

            read += received;
        }

        return true;
    }
}
