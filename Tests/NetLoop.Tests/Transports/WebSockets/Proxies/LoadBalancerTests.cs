using System.Net;
using System.Net.Sockets;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets.Proxies;

/// <summary>PROXY headers of real load balancers for TCP. Clients come from 127.0.0.2, so that the load balancer, at 127.0.0.1, is somebody else.</summary>
[TestFixture]
public sealed class LoadBalancerTests : ServerFixture
{
    private const string Client = "127.0.0.2";

    private ReverseProxy? _proxy;

    [TearDown]
    public async Task StopProxy()
    {
        if (_proxy is { } proxy)
        {
            _proxy = null;
            await proxy.DisposeAsync();
        }
    }

    [TestCase("send-proxy")]
    [TestCase("send-proxy-v2")]
    [TestCase("send-proxy-v2 proxy-v2-options crc32c,unique-id")]
    public async Task Remote_HAProxySendsTheHeader_IsTheClients(string option)
    {
        StartBehind();
        _proxy = await ReverseProxy.StartHAProxyTcpAsync(
            Server.Endpoints[0].Port, configuration => configuration.Replace("send-proxy-v2", option, StringComparison.Ordinal));
        await ExpectClientAsync();
    }

    [Test]
    public async Task Remote_NginxSendsTheHeader_IsTheClients()
    {
        StartBehind();
        _proxy = await ReverseProxy.StartNginxTcpAsync(Server.Endpoints[0].Port);
        await ExpectClientAsync();
    }

    [Test]
    public async Task Accept_HAProxySendsNoHeader_IsMalformed()
    {
        StartBehind();
        _proxy = await ReverseProxy.StartHAProxyTcpAsync(
            Server.Endpoints[0].Port, configuration => configuration.Replace(" send-proxy-v2", "", StringComparison.Ordinal));
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(Wire.HelloFrame());
        Assert.That(await socket.ReceiveAsync(new byte[1024]).WaitAsync(TestHost.Patience), Is.Zero, "the server closes the connection");
        Assert.That(Server.Sessions, Is.Empty);
    }

    private void StartBehind() => Start(listen: l =>
    {
        l.UsesProxyProtocol = true;
        l.TrustedProxies.Add("127.0.0.1");
    });

    private async Task ExpectClientAsync()
    {
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(Wire.HelloFrame());
        NetEndpoint remote = NextOpened().Remote;
        var local = (IPEndPoint)socket.LocalEndPoint!;
        Assert.That(remote, Is.EqualTo(NetEndpoint.Tcp(Client, local.Port)));
        Assert.That(await socket.ReceiveAsync(new byte[1024]).WaitAsync(TestHost.Patience), Is.Positive, "Welcome comes back through the load balancer");
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(Client), 0));
        await socket.ConnectAsync(IPAddress.Loopback, _proxy!.Port).WaitAsync(TestHost.Patience);
        return socket;
    }
}
