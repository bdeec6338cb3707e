using NetLoop.Hosting.Server;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>Clients behind a trusted proxy, which the tests play themselves on loopback.</summary>
public sealed class ForwardedClientTests : ServerFixture
{
    private int Port => Server.Endpoints[1].Port;

    private AddressLimiter Addresses => Server.Loops[0].Acceptors[1].Addresses;

    [Test]
    public void Upgrade_FromATrustedProxy_MakesTheClientsAddressTheSessions()
    {
        NetEndpoint seen = default;
        StartBehindProxy(configure: o => o.Authenticate = (request, _) =>
        {
            seen = request.Remote;
            return new(AuthenticationResult.Accept());
        });
        using RawWebSocket client = Open("X-Forwarded-For: 198.51.100.9, 192.0.2.1\r\n");
        client.Send(RawWebSocket.Frame(2, Wire.HelloFrame()[4..]));
        Assert.That(NextOpened().Remote, Is.EqualTo(NetEndpoint.Tcp("192.0.2.1", 0)));
        Assert.That(seen, Is.EqualTo(NetEndpoint.Tcp("192.0.2.1", 0)));
        Assert.That(Addresses.Connections, Is.EqualTo(1));
        client.Dispose();
        NextClosed();
        WaitUntil(() => Addresses.Connections == 0, "the place is not given back");
    }

    [TestCase("203.0.113.1")]
    [TestCase(null)]
    public void Upgrade_FromSomebodyElse_IsNotBelieved(string? trusted)
    {
        StartBehindProxy(l =>
        {
            l.TrustedProxies.Clear();
            if (trusted is not null)
            {
                l.TrustedProxies.Add(trusted);
            }

            l.Hello = HelloMode.None;
        });
        using RawWebSocket client = Open("X-Forwarded-For: 192.0.2.1\r\n");
        Assert.That(NextOpened().Remote.IsLoopback, Is.True);
    }

    [TestCase(ForwardedHeader.None, null)]
    [TestCase(ForwardedHeader.XForwardedFor, "192.0.2.1:0")]
    [TestCase(ForwardedHeader.Forwarded, "198.51.100.9:0")]
    public void Upgrade_WithBothHeaders_BelievesTheOneThatTheOptionNames(ForwardedHeader header, string? expected)
    {
        StartBehindProxy(l =>
        {
            l.WebSocket.ForwardedHeader = header;
            l.Hello = HelloMode.None;
        });
        using RawWebSocket client = Open("X-Forwarded-For: 192.0.2.1\r\nForwarded: for=198.51.100.9\r\n");
        NetEndpoint remote = NextOpened().Remote;
        Assert.That(remote.IsLoopback ? null : remote.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void Upgrade_MoreFromOneClient_Gets429AndTheOthersAreNotAffected()
    {
        StartBehindProxy(l => l.MaxConnectionsPerAddress = 2, o => o.TimeProvider = Time);
        using RawWebSocket first = Open("X-Forwarded-For: 192.0.2.1\r\n");
        using RawWebSocket second = Open("X-Forwarded-For: 192.0.2.1\r\n");
        for (int i = 0; i < 3; i++)
        {
            using var third = new RawWebSocket(Port);
            third.Send(RawWebSocket.Request("X-Forwarded-For: 192.0.2.1\r\n"));
            third.ReadHead();
            Assert.That(third.Head, Does.StartWith("HTTP/1.1 429 "));
        }

        using RawWebSocket other = Open("X-Forwarded-For: 192.0.2.2\r\n");
        Assert.That(Log.Lines.Single(line => line.Id == 1005).Text, Is.EqualTo("Connection from 192.0.2.1:0 rejected: RateLimited."));
        Assert.That((Server.GetStatistics().Rejected, ClosedFor(CloseReason.RateLimited)), Is.EqualTo((3, 3)));
        Assert.That(Addresses.Connections, Is.EqualTo(3));
        first.Dispose();
        WaitUntil(() => Addresses.Connections == 2, "the place is not given back");
        using RawWebSocket again = Open("X-Forwarded-For: 192.0.2.1\r\n");
        Assert.That(Addresses.Connections, Is.EqualTo(3));
    }

    [Test]
    public void Upgrade_ProxyNamesNoAddress_KeepsItsOwnAndIsLoggedOnce()
    {
        StartBehindProxy(l => l.Hello = HelloMode.None, o => o.TimeProvider = Time);
        for (int i = 0; i < 3; i++)
        {
            using RawWebSocket client = Open("X-Forwarded-For: unknown\r\n");
            Assert.That(NextOpened().Remote.IsLoopback, Is.True);
        }

        Assert.That(
            Log.Lines.Single(line => line.Id == 1030).Text,
            Does.StartWith("The trusted proxy 127.0.0.1:").And.Contain("names 'unknown' as its client, which is not an address"));
    }

    private RawWebSocket Open(string headers) => RawWebSocket.Open(Port, headers);

    private void StartBehindProxy(Action<ListenOptions>? listen = null, Action<NetServerOptions>? configure = null) =>
        Start(configure: o =>
        {
            configure?.Invoke(o);
            o.ListenWebSocket("127.0.0.1", 0, l =>
            {
                l.PingInterval = TimeSpan.Zero;
                l.TrustedProxies.Add("127.0.0.0/8");
                listen?.Invoke(l);
            });
        });
}
