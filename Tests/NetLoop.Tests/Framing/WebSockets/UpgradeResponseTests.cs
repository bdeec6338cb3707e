using System.Text;
using NetLoop.Framing.WebSockets;
using NetLoop.Tests.Transports.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Framing.WebSockets;

[Parallelizable]
public sealed class UpgradeResponseTests
{
    [Test]
    public void To_RequestOfTheStandard_AnswersItsKey()
    {
        Span<byte> accept = stackalloc byte[WebSocketKey.AcceptBytes];
        UpgradeResponse answer = UpgradeResponse.To(RawWebSocket.Request(), UpgradePolicy.SameHost, accept);
        Assert.That(answer.IsAccepted, Is.True, answer.Text);
        Assert.That(Encoding.ASCII.GetString(answer.ToResponse(accept)), Is.EqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
    }

    [TestCase("GET / HTTP/1.1", "POST / HTTP/1.1", 405)]
    [TestCase("GET / HTTP/1.1", "GET / HTTP/1.0", 505)]
    [TestCase("GET / HTTP/1.1", "GET / HTTP/2.0", 505)]
    [TestCase("GET / HTTP/1.1", "GET /a b HTTP/1.1", 400)]
    [TestCase("GET / HTTP/1.1", "GET / HTTPS/1.1", 400)]
    [TestCase("GET / HTTP/1.1", "GET /", 400)]
    [TestCase("GET / HTTP/1.1", "get / HTTP/1.1", 400)]
    [TestCase("Host: 127.0.0.1\r\n", "", 400)]
    [TestCase("Host: 127.0.0.1\r\n", "Host: 127.0.0.1\r\nHost: evil.example\r\n", 400)]
    [TestCase("Host: 127.0.0.1", "Host : 127.0.0.1", 400)]
    [TestCase("Host: 127.0.0.1", "Host: 127.0.0.1\r\n folded: no", 400)]
    [TestCase("Host: 127.0.0.1", "Host: 127.0.0.1\r\nX: \u0001", 400)]
    [TestCase("Host: 127.0.0.1", "Host: 127.0.0.1\r\nno colon", 400)]
    [TestCase("Host: 127.0.0.1", "Host: 127.0.0.1\r\n: no name", 400)]
    [TestCase("Host: 127.0.0.1", "Host: 127.0.0.1\r\nContent-Length: 5", 400)]
    [TestCase("Host: 127.0.0.1", "Host: 127.0.0.1\r\nTransfer-Encoding: chunked", 400)]
    [TestCase("Upgrade: websocket\r\n", "", 426)]
    [TestCase("Upgrade: websocket", "Upgrade: websocketx", 426)]
    [TestCase("keep-alive, Upgrade", "keep-alive", 426)]
    [TestCase("Version: 13", "Version: 12", 426)]
    [TestCase("Version: 13", "Version: 13\r\nSec-WebSocket-Version: 13", 400)]
    [TestCase("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ", 400)]
    [TestCase("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ!=", 400)]
    [TestCase("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZSE=", 400)]
    public void To_RequestThatIsNone_IsRejectedWithAStatus(string part, string instead, int status)
    {
        string request = Encoding.Latin1.GetString(RawWebSocket.Request());
        Assert.That(request, Does.Contain(part));
        UpgradeResponse answer = To(request.Replace(part, instead, StringComparison.Ordinal));
        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        string response = Encoding.ASCII.GetString(answer.ToResponse(default));
        Assert.That(response, Does.StartWith($"HTTP/1.1 {status} "));
        Assert.That(response, Does.Not.Contain("\r\nSec-WebSocket-Accept"));
    }

    [TestCase("UPGRADE: WebSocket")]
    [TestCase("upgrade: h2c , websocket")]
    [TestCase("Upgrade:\twebsocket \t")]
    [TestCase("Upgrade: h2c\r\nUpgrade: websocket")]
    [TestCase("Upgrade: websocket\r\nX-Forwarded-For:")]
    [TestCase("Upgrade: websocket\r\nContent-Length: 0")]
    [TestCase("Upgrade: websocket\r\nX-Name: J\u00e4ger")]
    [TestCase("Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")]
    public void To_UnusualButValid_IsAccepted(string upgrade)
    {
        string request = Encoding.Latin1.GetString(RawWebSocket.Request()).Replace("Upgrade: websocket", upgrade, StringComparison.Ordinal);
        Assert.That(To(request).IsAccepted, Is.True);
    }

    [TestCase(64, 101)]
    [TestCase(65, 431)]
    public void To_ManyHeaders_AreLimited(int count, int status)
    {
        // Five of them are the handshake's own.
        string more = string.Concat(Enumerable.Range(0, count - 5).Select(i => $"X-{i}: y\r\n"));
        Assert.That(To(Encoding.Latin1.GetString(RawWebSocket.Request(more))).Status, Is.EqualTo(status));
    }

    [Test]
    public void TryFindEnd_ByteByByte_LooksAtEachByteOnce()
    {
        byte[] head = RawWebSocket.Request($"X: {new string('y', 8000)}\r\n");
        int searched = 0;
        for (int count = 1; count <= head.Length; count++)
        {
            Assert.That(HttpHead.TryFindEnd(head.AsSpan(0, count), ref searched, out int length), Is.True);
            Assert.That(searched, Is.EqualTo(count), "nothing is looked at again");
            Assert.That(length, Is.EqualTo(count == head.Length ? head.Length : 0));
        }
    }

    [Test]
    public void TryFindEnd_BareLineFeed_IsRejected()
    {
        int searched = 0;
        Assert.That(HttpHead.TryFindEnd("GET / HTTP/1.1\nHost"u8, ref searched, out _), Is.False);
    }

    private static UpgradeResponse To(string request) =>
        UpgradeResponse.To(Encoding.Latin1.GetBytes(request), UpgradePolicy.SameHost, new byte[WebSocketKey.AcceptBytes]);
}
