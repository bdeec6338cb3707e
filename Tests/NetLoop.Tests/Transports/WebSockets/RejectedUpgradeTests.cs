using System.Net;
using System.Net.Sockets;
using System.Text;
using NetLoop.Tests.Hosting;
using NetLoop.Transports.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>What a client makes of the HTTP responses of servers and of the proxies in front of them.</summary>
public sealed class RejectedUpgradeTests
{
    [TestCase("HTTP/1.1 401 Unauthorized\r\n\r\n", CloseReason.Unauthorized, "answered the WebSocket upgrade with HTTP 401")]
    [TestCase("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", CloseReason.Unauthorized, "HTTP 403")]
    [TestCase("HTTP/1.1 421 Misdirected Request\r\n\r\n", CloseReason.Unauthorized, "HTTP 421")]
    [TestCase("HTTP/1.1 408 Request Timeout\r\n\r\n", CloseReason.HandshakeTimeout, "HTTP 408")]
    [TestCase("HTTP/1.1 429 Too Many Requests\r\n\r\n", CloseReason.RateLimited, "HTTP 429")]
    [TestCase("HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\n\r\n", CloseReason.TransportError, "The proxy does not reach the server")]
    [TestCase("HTTP/1.1 503 Service Unavailable\r\n\r\n", CloseReason.ServerFull, "HTTP 503")]
    [TestCase("HTTP/1.1 504 Gateway Time-out\r\n\r\n", CloseReason.TransportError, "The proxy does not reach the server")]
    [TestCase("HTTP/1.1 505 HTTP Version Not Supported\r\n\r\n", CloseReason.Malformed, "HTTP 505")]
    [TestCase("HTTP/1.1 404 Not Found\r\n\r\n", CloseReason.Malformed, "HTTP 404")]
    [TestCase("HTTP/1.1 301 Moved Permanently\r\nLocation: /\r\n\r\n", CloseReason.Malformed, "HTTP 301")]
    [TestCase("HTTP/1.1 2x0 OK\r\n\r\n", CloseReason.Malformed, "is malformed")]
    [TestCase("HTTP/1.1 -50 OK\r\n\r\n", CloseReason.Malformed, "is malformed")]
    [TestCase("SSH-2.0-OpenSSH\r\n\r\n", CloseReason.Malformed, "malformed")]
    [TestCase("", CloseReason.Disconnected, "closed the connection during the WebSocket upgrade")]
    public async Task ConnectAsync_UpgradeIsRejected_HasTheReasonOfTheStatus(string response, CloseReason reason, string text)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeOnceAsync(listener, response);
        NetConnectException? failure = Assert.ThrowsAsync<NetConnectException>(
            () => NetClient.ConnectAsync($"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}").WaitAsync(TestHost.Patience));
        Assert.That((failure!.Reason, failure.Status), Is.EqualTo((reason, SocketStatus.Ok)));
        Assert.That(failure.Message, Does.Contain(text));
        await serving.WaitAsync(TestHost.Patience);
    }

    [Test]
    public void ConnectAsync_NoResponse_SaysThatTheConnectionWasAccepted()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(); // The kernel accepts, and nobody responds.
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Multiple(() =>
        {
            Assert.That(FailureOf($"ws://127.0.0.1:{port}"), Is.EqualTo(
                $"ws://127.0.0.1:{port}/ accepted the connection, but did not open the session in time: "
                    + "No response to the WebSocket upgrade within the handshake timeout."));
            Assert.That(FailureOf($"tcp://127.0.0.1:{port}"), Is.EqualTo(
                $"tcp://127.0.0.1:{port} accepted the connection, but did not open the session in time: "
                    + "No response to Hello within the handshake timeout."));
        });
    }

    /// <summary>What a proxy says while the server behind it restarts is no reason to give up.</summary>
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    [TestCase(429)]
    public void FinalReasons_StatusThatPasses_IsNotAmongThem(int status) =>
        Assert.That(new ReconnectOptions().FinalReasons, Has.No.Member(CloseReasonCodes.FromHttpStatus(status)));

    private static string FailureOf(string uri) =>
        Assert.ThrowsAsync<NetConnectException>(
            () => NetClient.ConnectAsync(uri, o => o.HandshakeTimeout = TimeSpan.FromMilliseconds(50)).WaitAsync(TestHost.Patience))!.Message;

    private static async Task ServeOnceAsync(TcpListener listener, string response)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        byte[] request = new byte[4096];
        int received = 0;
        while (!Encoding.ASCII.GetString(request, 0, received).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            received += await stream.ReadAsync(request.AsMemory(received));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(response));
        client.Client.Shutdown(SocketShutdown.Send);
        try
        {
            _ = await stream.ReadAsync(request); // Until the client has read it, and resets the connection.
        }
        catch (IOException)
        {
        }
    }
}
