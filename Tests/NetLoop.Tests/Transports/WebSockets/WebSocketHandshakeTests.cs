using System.Text;
using NetLoop.Buffers;
using NetLoop.Framing.WebSockets;
using NetLoop.Stack;
using NetLoop.Tests.Transports.WebSockets.Conformance;
using NetLoop.Transports.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>The opening of a WebSocket, either role, wherever the head is cut.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WebSocketHandshakeTests
{
    private static readonly BufferPool Pool = new(new BufferPoolOptions());

    [Test]
    public void TryRead_RequestCutAnywhere_OpensWhenItIsWhole()
    {
        byte[] request = RawWebSocket.Request("X-Filler: " + new string('x', 100) + "\r\n");
        WebSocketProtocol server = Create(WebSocketRole.Server);
        for (int length = 0; length < request.Length; length++)
        {
            Assert.That(
                server.TryRead(request.AsSpan(0, length).ToArray(), out int consumed, out _), Is.EqualTo(WebSocketStatus.Incomplete), $"{length} bytes");
            Assert.That((consumed, server.IsOpen, server.Response), Is.EqualTo((0, false, (byte[]?)null)), $"{length} bytes");
        }

        Assert.That(server.TryRead([.. request, 0x82], out int all, out _), Is.EqualTo(WebSocketStatus.Opened));
        Assert.That((all, server.IsOpen), Is.EqualTo((request.Length, true)), "what is behind it is a frame's");
        Assert.That(Encoding.ASCII.GetString(server.Response!), Does.StartWith("HTTP/1.1 101 "));
    }

    [TestCase(-1, false)]
    [TestCase(0, true)]
    [TestCase(1, true)]
    public void TryRead_HeadWithoutAnEnd_FailsWithTheLongestThereMayBe(int more, bool fails)
    {
        byte[] head = [.. "GET / HTTP/1.1\r\nX: "u8, .. Enumerable.Repeat((byte)'x', HttpHead.MaxBytes)];
        WebSocketProtocol server = Create(WebSocketRole.Server);
        Assert.That(
            server.TryRead(head[..(HttpHead.MaxBytes + more)], out int consumed, out _),
            Is.EqualTo(fails ? WebSocketStatus.Failed : WebSocketStatus.Incomplete));
        Assert.That(consumed, Is.Zero);
        Assert.That(server.Response is null, Is.EqualTo(!fails));
        if (fails)
        {
            Assert.That(Encoding.ASCII.GetString(server.Response!), Does.StartWith("HTTP/1.1 431 "));
        }
    }

    [Test]
    public void TryRead_LongestHead_Opens()
    {
        int without = RawWebSocket.Request("X: \r\n").Length;
        byte[] request = RawWebSocket.Request("X: " + new string('x', HttpHead.MaxBytes - without) + "\r\n");
        Assert.That(request, Has.Length.EqualTo(HttpHead.MaxBytes));
        Assert.That(Create(WebSocketRole.Server).TryRead(request, out _, out _), Is.EqualTo(WebSocketStatus.Opened));
    }

    [Test]
    public void RejectHandshake_Twice_KeepsTheFirstResponse()
    {
        WebSocketProtocol server = Create(WebSocketRole.Server);
        server.RejectHandshake(408, "late");
        server.RejectHandshake(503, "full");
        Assert.That(Encoding.ASCII.GetString(server.Response!), Does.StartWith("HTTP/1.1 408 "));
        Assert.That(server.FailureText, Is.EqualTo("full"));
        WebSocketProtocol client = Create(WebSocketRole.Client);
        client.RejectHandshake(503, "late");
        Assert.That(client.Response, Is.Null, "a client has nothing to answer");
    }

    [TestCase("HTTP/1.1 200 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n")]
    [TestCase("\u0016\u0003\u0001")]
    public void TryRead_AnswerThatIsNone_FailsAtTheClient(string answer)
    {
        WebSocketProtocol client = Create(WebSocketRole.Client);
        Assert.That(client.TryRead(Encoding.Latin1.GetBytes(answer), out _, out _), Is.EqualTo(WebSocketStatus.Failed));
        Assert.That((client.IsOpen, client.FailureText.Length > 0), Is.EqualTo((false, true)));
    }

    private static WebSocketProtocol Create(WebSocketRole role) =>
        new(ConformanceLimits.For(role, role == WebSocketRole.Client ? "127.0.0.1:80" : ""), 1_000, Pool, new SystemEntropy());
}
