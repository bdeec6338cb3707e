using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>A client that sends bytes: anything that a hostile, broken or foreign implementation may send. It blocks, with the test's timeout.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;

    public RawClient(NetServer server, int receiveBufferBytes = 0)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)TestHost.Patience.TotalMilliseconds,
            SendTimeout = (int)TestHost.Patience.TotalMilliseconds,
        };
        if (receiveBufferBytes > 0)
        {
            _socket.ReceiveBufferSize = receiveBufferBytes;
        }

        _socket.Connect(IPAddress.Loopback, server.Endpoints[0].Port);
    }

    /// <summary>Takes one end of an existing connection, to send what a hostile, broken or foreign server may send.</summary>
    public RawClient(Socket ownedSocket)
    {
        ownedSocket.NoDelay = true;
        ownedSocket.ReceiveTimeout = (int)TestHost.Patience.TotalMilliseconds;
        ownedSocket.SendTimeout = (int)TestHost.Patience.TotalMilliseconds;
        _socket = ownedSocket;
    }

    public Socket Socket => _socket;

    /// <summary>Connects and opens a session.</summary>
    public static RawClient Open(NetServer server, int receiveBufferBytes = 0)
    {
        var client = new RawClient(server, receiveBufferBytes);
        client.Send(Wire.HelloFrame());
        Assert.That(client.Read()[2], Is.Null, "the answer to Hello");
        return client;
    }

    public void Send(params byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += _socket.Send(bytes.AsSpan(sent));
        }
    }

    /// <summary>Sends bytes that a closing server may not read.</summary>
    public void SendIgnoringReset(params byte[] bytes)
    {
        try
        {
            Send(bytes);
        }
        catch (SocketException)
        {
            // Rejected by a closed socket, which is as good as discarded.
        }
    }

    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with RST.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>The next body; null at the end of the stream.</summary>
    public object?[]? TryRead()
    {
        byte[]? header = ReadExactly(4, mayEnd: true);
        return header is null ? null : Wire.Read(ReadExactly((int)BinaryPrimitives.ReadUInt32BigEndian(header), mayEnd: false)!);
    }

    public object?[] Read() => TryRead() ?? throw new EndOfStreamException("The server closed where a body was expected.");

    /// <summary>The text of the next body, which must be a message of one text.</summary>
    public string ReadSay() => (string)((object?[])Read()[2]!)[0]!;

    /// <summary>Reads bodies until the stream ends.</summary>
    public List<object?[]> ReadToEnd()
    {
        List<object?[]> bodies = [];
        while (TryRead() is { } body)
        {
            bodies.Add(body);
        }

        return bodies;
    }

    /// <summary>Reads bodies until the stream ends or is reset.</summary>
    public List<object?[]> ReadUntilCut()
    {
        List<object?[]> bodies = [];
        try
        {
            while (TryRead() is { } body)
            {
                bodies.Add(body);
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // A peer that gets no Goodbye gets a reset.
        }

        return bodies;
    }

    /// <summary>Expects a Goodbye, nothing after it, and the end of the stream.</summary>
    /// <returns>The text of the Goodbye.</returns>
    public string ExpectGoodbye(CloseReason reason)
    {
        object?[] body = Read();
        Assert.That(body[0], Is.EqualTo(Wire.Message), "shape of " + string.Join(",", body));
        Assert.That(body[1], Is.EqualTo(Wire.Goodbye));
        object?[] payload = (object?[])body[2]!;
        Assert.That((CloseReason)(long)payload[0]!, Is.EqualTo(reason), (string)payload[1]!);
        Assert.That(TryRead(), Is.Null, "a body behind Goodbye");
        return (string)payload[1]!;
    }

    /// <summary>Expects a response with an error.</summary>
    public string ExpectError(uint id, int code)
    {
        object?[] body = Read();
        Assert.That(body[0], Is.EqualTo(Wire.Response), "shape");
        Assert.That(body[1], Is.EqualTo(id), "id");
        object?[]? error = (object?[]?)body[2];
        Assert.That(error, Is.Not.Null, "error");
        Assert.That(error![0], Is.EqualTo(code), (string)error[1]!);
        Assert.That(body[3], Is.Null, "result");
        return (string)error[1]!;
    }

    /// <summary>Waits until the server has responded to a request: everything sent before has been handled by then.</summary>
    public void Sync(uint id = 7)
    {
        Send(Wire.Frame(Wire.Request, id, Wire.Ping, Wire.Array(1)));
        object?[] body;
        do
        {
            body = Read();
        }
        while (!(body[0] is 1L && body[1] is long answered && answered == id));
    }

    public void Dispose() => _socket.Dispose();

    private byte[]? ReadExactly(int count, bool mayEnd)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            int received = _socket.Receive(bytes.AsSpan(read));
            if (received == 0)
            {
                return read == 0 && mayEnd ? null : throw new EndOfStreamException("The stream ended inside a frame.");
            }

            read += received;
        }

        return bytes;
    }
}
