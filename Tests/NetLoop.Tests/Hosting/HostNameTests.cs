using System.Net;
using NetLoop.Stack;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Clients and servers with host names.</summary>
public sealed class HostNameTests
{
    [TestCase("127.0.0.1", "tcp")]
    [TestCase("::1", "tcp")]
    [TestCase("127.0.0.1", "ws")]
    [TestCase("::1", "ws")]
    public async Task Connect_Localhost_FindsTheServerOnEitherLoopback(string address, string scheme)
    {
        await using NetServer server = NetServer.Create(o =>
        {
            o.Listen(scheme == "ws" ? NetEndpoint.WebSocket(address, 0) : NetEndpoint.Tcp(address, 0));
        });
        StartOrIgnore(server, address);
        int port = server.Endpoints[0].Port;
        await using NetClient client = await NetClient.ConnectAsync($"{scheme}://localhost:{port}").WaitAsync(TestHost.Patience);
        NetEndpoint expected = scheme == "ws" ? NetEndpoint.WebSocket(address, port) : NetEndpoint.Tcp(address, port);
        Assert.That(client.Session.Remote, Is.EqualTo(expected), "the address that answered");
    }

    [Test]
    public async Task Connect_NobodyListensOnLocalhost_NamesBothAddresses()
    {
        int port;
        await using (NetServer server = NetServer.Create(static o => o.ListenTcp("127.0.0.1", 0)))
        {
            server.Start();
            port = server.Endpoints[0].Port;
        }

        NetConnectException failure = Assert.ThrowsAsync<NetConnectException>(
            () => NetClient.ConnectAsync($"tcp://localhost:{port}").WaitAsync(TestHost.Patience))!;
        Assert.That(failure.Message, Does.Contain($"tcp://localhost:{port}").And.Contain($"127.0.0.1:{port}").And.Contain($"[::1]:{port}"));
        Assert.That(failure.Reason, Is.EqualTo(CloseReason.TransportError));
    }

    [Test]
    public void Connect_NameWithoutAnAddress_SaysSo()
    {
        NetConnectException failure = Assert.ThrowsAsync<NetConnectException>(
            static () => NetClient.ConnectAsync("tcp://game.example:7777", static o => o.LoopOptions.Names = new Names()).WaitAsync(TestHost.Patience))!;
        Assert.That(failure.Message, Is.EqualTo("cannot connect to tcp://game.example:7777: the name 'game.example' has no address; check how it is written."));
        Assert.That((failure.Status, failure.Endpoint.HostName), Is.EqualTo((SocketStatus.NotFound, "game.example")));
    }

    [Test]
    public async Task Connect_NameWithOneAddress_ConnectsToIt()
    {
        await using NetServer server = NetServer.Create(static o => o.ListenTcp("127.0.0.1", 0));
        server.Start();
        await using NetClient client = await NetClient
            .ConnectAsync($"tcp://game.example:{server.Endpoints[0].Port}", static o => o.LoopOptions.Names = new Names("127.0.0.1"))
            .WaitAsync(TestHost.Patience);
        Assert.That(client.Session.Remote, Is.EqualTo(server.Endpoints[0]));
    }

    [Test]
    public async Task Listen_HostName_ListensOnItsAddressOfIPv4()
    {
        await using NetServer server = NetServer.Create(static o =>
        {
            o.Names = new Names("2001:db8::1", "127.0.0.1");
            o.ListenTcp("game.example", 0);
            o.ListenWebSocket("localhost", 0);
        });
        server.Start();
        Assert.That(
            server.Endpoints.Select(static endpoint => (endpoint.WithPort(0).ToUri(), endpoint.Port > 0)),
            Is.EqualTo([("tcp://127.0.0.1:0", true), ("ws://127.0.0.1:0/", true)]));
    }

    [Test]
    public async Task Listen_NameWithoutAnAddress_SaysSoAndLeavesNothingOpen()
    {
        await using NetServer server = NetServer.Create(static o =>
        {
            o.Names = new Names();
            o.ListenTcp("127.0.0.1", 0);
            o.ListenTcp("game.example", 7777);
        });
        NetListenException failure = Assert.Throws<NetListenException>(server.Start)!;
        Assert.That(failure.Message, Is.EqualTo("cannot listen on tcp://game.example:7777: the name 'game.example' has no address; check how it is written."));
        Assert.That(server.Endpoints, Is.Empty);
    }

    [Test]
    public void Stack_NameThatNobodyLookedUp_IsAnInvalidCall()
    {
        foreach (PollerKind poller in new[] { PollerKind.Auto, PollerKind.Select })
        {
            INetworkStack stack = NetworkStack.CreateDefault(poller);
            NetEndpoint name = NetEndpoint.Tcp("localhost", 1);
            Assert.That(stack.Connect(name, out SocketHandle socket), Is.EqualTo(SocketStatus.InvalidCall), stack.Name);
            Assert.That(socket, Is.EqualTo(SocketHandle.None));
            Assert.That(stack.Listen(name, 1, out socket, out _), Is.EqualTo(SocketStatus.InvalidCall), stack.Name);
        }
    }

    private static void StartOrIgnore(NetServer server, string address)
    {
        try
        {
            server.Start();
        }
        catch (NetListenException failure) when (failure.Status is SocketStatus.AddressNotAvailable or SocketStatus.Unsupported)
        {
            Assert.Ignore($"this machine has no {address}");
        }
    }

    private sealed class Names(params string[] addresses) : INameResolver
    {
        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
            Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]);
    }
}
