#pragma warning disable CA5359 // The certificates are those of the test.

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using NetLoop.Hosting.Server;
using NetLoop.Tests.Transports;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Listeners behind load balancers that send PROXY headers; the tests play the load balancer on loopback.</summary>
public sealed class ProxyProtocolTests
{
    private readonly Channel<Session> _opened = Channel.CreateUnbounded<Session>();
    private readonly Channel<CloseInfo> _closed = Channel.CreateUnbounded<CloseInfo>();
    private NetServer _server = null!;

    private AddressLimiter Addresses => _server.Loops[0].Acceptors[0].Addresses;

    [TearDown]
    public async Task StopAsync() => await TestHost.StopAndCheckAsync(_server);

    [TestCase("PROXY TCP4 192.0.2.7 10.0.0.1 40000 443\r\n", "192.0.2.7:40000")]
    [TestCase("PROXY TCP6 2001:db8::7 ::1 40000 443\r\n", "[2001:db8::7]:40000")]
    public async Task Accept_TextHeader_IsTheSessionsAddress(string header, string expected)
    {
        Start();
        using Socket socket = await ConnectAsync();
        byte[] bytes = [.. System.Text.Encoding.ASCII.GetBytes(header), .. Wire.HelloFrame()];
        foreach (byte each in bytes)
        {
            await socket.SendAsync(new[] { each });
        }

        Assert.That((await NextAsync(_opened)).Remote.ToString(), Is.EqualTo(expected));
        Assert.That(Addresses.Connections, Is.EqualTo(1));
        socket.Dispose();
        await NextAsync(_closed);
        await UntilAsync(() => Addresses.Connections == 0);
    }

    [Test]
    public async Task Accept_BinaryHeaderWithRecords_IsTheSessionsAddress()
    {
        Start();
        using Socket socket = await ConnectAsync();
        await socket.SendAsync((byte[])[.. ProxyHeaderTests.Binary(0x21, 0x11, 500), .. Wire.HelloFrame()]);
        Assert.That((await NextAsync(_opened)).Remote, Is.EqualTo(NetEndpoint.Tcp("192.0.2.7", 40_000)));
    }

    [Test]
    public async Task Accept_ConnectionOfTheProxyItself_KeepsItsAddress()
    {
        Start();
        using Socket socket = await ConnectAsync();
        await socket.SendAsync((byte[])[.. ProxyHeaderTests.Binary(0x20, 0, 0), .. Wire.HelloFrame()]);
        Assert.That((await NextAsync(_opened)).Remote.IsLoopback, Is.True);
    }

    [Test]
    public async Task Accept_HeaderBeforeTls_IsTheSessionsAddress()
    {
        Start(l => l.Tls = new TlsServerOptions { Certificate = TestHost.Certificate });
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(ProxyHeaderTests.Binary(0x21, 0x21, 0));
        await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("localhost");
        await stream.WriteAsync(Wire.HelloFrame());
        Assert.That((await NextAsync(_opened)).Remote, Is.EqualTo(NetEndpoint.Tcp("2001:db8::7", 40_000)));
    }

    [Test]
    public async Task Accept_HeaderBeforeWebSocket_IsTheSessionsAddressWhateverTheRequestSays()
    {
        Start(webSocket: true);
        using Socket socket = await ConnectAsync();
        string request = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n";
        await socket.SendAsync((byte[])[.. ProxyHeaderTests.Binary(0x21, 0x11, 0), .. System.Text.Encoding.ASCII.GetBytes(request)]);
        await socket.SendAsync(NetLoop.Tests.Transports.WebSockets.RawWebSocket.Frame(2, Wire.HelloFrame()[4..]));
        Assert.That((await NextAsync(_opened)).Remote, Is.EqualTo(NetEndpoint.Tcp("192.0.2.7", 40_000)), "a client's own header is no proxy's");
    }

    [Test]
    public async Task Accept_NoHeader_IsMalformed()
    {
        Start();
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(Wire.HelloFrame());
        await EndAsync(socket, CloseReason.Malformed);
    }

    [Test]
    public async Task Accept_UntrustedPeer_IsRejected()
    {
        Start(l =>
        {
            l.TrustedProxies.Clear();
            l.TrustedProxies.Add("10.0.0.0/8");
        });
        try
        {
            using Socket socket = await ConnectAsync();
            await ReadToEndAsync(socket);
        }
        catch (SocketException)
        {
            // The reset may come before the connection is reported as open.
        }

        await UntilAsync(() => _server.GetStatistics().ClosedByReason.GetValueOrDefault(CloseReason.Unauthorized) == 1);
        Assert.That(_server.GetStatistics().Rejected, Is.EqualTo(1));
    }

    [Test]
    public async Task Accept_ManyOfOneClient_AreLimitedByTheClientsAddress()
    {
        Start(l => l.MaxConnectionsPerAddress = 1);
        byte[] hello = [.. ProxyHeaderTests.Binary(0x21, 0x11, 0), .. Wire.HelloFrame()];
        using Socket first = await ConnectAsync();
        await first.SendAsync(hello);
        await NextAsync(_opened);
        using Socket second = await ConnectAsync();
        await second.SendAsync(hello);
        Assert.That(await ReadToEndAsync(second), Is.Positive, "Goodbye says why");
        await UntilAsync(() => _server.GetStatistics().ClosedByReason.GetValueOrDefault(CloseReason.RateLimited) > 0);
        using Socket other = await ConnectAsync();
        await other.SendAsync((byte[])[.. "PROXY TCP4 192.0.2.8 10.0.0.1 40000 443\r\n"u8, .. Wire.HelloFrame()]);
        Assert.That((await NextAsync(_opened)).Remote.ToString(), Does.StartWith("192.0.2.8"));
        Assert.That(Addresses.Connections, Is.EqualTo(2));
    }

    [Test]
    public async Task Accept_HealthCheckWithoutAByte_EndsAsDisconnected()
    {
        Start();
        using Socket socket = await ConnectAsync();
        socket.Shutdown(SocketShutdown.Send);
        await EndAsync(socket, CloseReason.Disconnected);
    }

    [Test]
    public void UsesProxyProtocol_WithoutProxies_IsAMistakeOfTheOptions()
    {
        Start();
        Assert.That(
            () => TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0, l => l.UsesProxyProtocol = true)),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("TrustedProxies"));
    }

    private static async Task<T> NextAsync<T>(Channel<T> channel) => await channel.Reader.ReadAsync().AsTask().WaitAsync(TestHost.Patience);

    private static async Task<int> ReadToEndAsync(Socket socket)
    {
        int bytes = 0;
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(new byte[100]).WaitAsync(TestHost.Patience)) > 0)
            {
                bytes += count;
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        return bytes;
    }

    private async Task EndAsync(Socket socket, CloseReason reason)
    {
        await ReadToEndAsync(socket);
        await UntilAsync(() => _server.GetStatistics().ClosedByReason.GetValueOrDefault(reason) > 0);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Yield();
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _server.Endpoints[0].Port);
        return socket;
    }

    private void Start(Action<ListenOptions>? configure = null, bool webSocket = false)
    {
        _server = TestHost.CreateServer(o => o.Listen(NetEndpoint.Parse(webSocket ? "ws://127.0.0.1:0" : "tcp://127.0.0.1:0"), l =>
        {
            l.UsesProxyProtocol = true;
            l.TrustedProxies.Add("127.0.0.1");
            configure?.Invoke(l);
        }));
        _server.OnOpened(session => _opened.Writer.TryWrite(session));
        _server.OnClosed((_, info) => _closed.Writer.TryWrite(info));
        _server.Start();
    }
}
