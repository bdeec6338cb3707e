using System.Text;
using NetLoop.Transports;
using NetLoop.Transports.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>Trusted are 10.0.0.0/8, fd00::/8 and 127.0.0.1; the peer is 10.0.0.1 unless a test says otherwise.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ForwardingTests
{
    [TestCase("X-Forwarded-For: 192.0.2.1", "192.0.2.1:0")]
    [TestCase("x-forwarded-for:192.0.2.1", "192.0.2.1:0")]
    [TestCase("X-Forwarded-For: 192.0.2.1:4711", "192.0.2.1:4711")]
    [TestCase("X-Forwarded-For: 2001:db8::1", "[2001:db8::1]:0")]
    [TestCase("X-Forwarded-For: [2001:db8::1]", "[2001:db8::1]:0")]
    [TestCase("X-Forwarded-For: [2001:db8::1]:4711", "[2001:db8::1]:4711")]
    [TestCase("X-Forwarded-For: ::ffff:192.0.2.1", "192.0.2.1:0")]
    [TestCase("X-Forwarded-For: 198.51.100.9, 192.0.2.1", "192.0.2.1:0", Description = "what is to the left, the client wrote")]
    [TestCase("X-Forwarded-For: 198.51.100.9\r\nX-Forwarded-For: 192.0.2.1", "192.0.2.1:0")]
    [TestCase("X-Forwarded-For: 192.0.2.1, 10.0.0.2", "192.0.2.1:0", Description = "the second proxy is trusted too")]
    [TestCase("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 10.0.0.2 ,\tfd00::2", "192.0.2.1:0")]
    [TestCase("X-Forwarded-For: 10.0.0.3, 10.0.0.2", "10.0.0.3:0", Description = "a client within the trusted network")]
    [TestCase("X-Forwarded-For: rubbish\", 192.0.2.1", "192.0.2.1:0")]
    [TestCase("X-Forwarded-For: 192.0.2.1\r\nForwarded: for=198.51.100.9", "192.0.2.1:0", Description = "the other header is the client's")]
    [TestCase("Forwarded: for=198.51.100.9", null)]
    [TestCase("X-Forwarded-Form: 198.51.100.9", null)]
    [TestCase("X: y", null)]
    public void TryRead_XForwardedFor_GivesTheRightMostAddressOutsideTheProxies(string headers, string? expected) =>
        Check(headers, expected, ignored: null, usesStandard: false);

    [TestCase("Forwarded: for=192.0.2.1", "192.0.2.1:0")]
    [TestCase("forwarded: FOR=192.0.2.1", "192.0.2.1:0")]
    [TestCase("Forwarded: for=192.0.2.1;proto=https;by=10.0.0.1", "192.0.2.1:0")]
    [TestCase("Forwarded: proto=https; for=\"192.0.2.1:4711\"", "192.0.2.1:4711")]
    [TestCase("Forwarded: for=\"[2001:db8::1]:4711\"", "[2001:db8::1]:4711")]
    [TestCase("Forwarded: for=\"192.0.2.1:_port\"", "192.0.2.1:0")]
    [TestCase("Forwarded: for=unknown, for=192.0.2.1, for=10.0.0.2", "192.0.2.1:0")]
    [TestCase("Forwarded: for=\"198.51.100.9, for=192.0.2.1", "192.0.2.1:0", Description = "an open quote of the client hides nothing")]
    [TestCase("Forwarded: for=198.51.100.9\r\nX-Forwarded-For: 198.51.100.9\r\nForwarded: for=192.0.2.1", "192.0.2.1:0")]
    [TestCase("X-Forwarded-For: 198.51.100.9", null)]
    public void TryRead_Forwarded_GivesTheRightMostAddressOutsideTheProxies(string headers, string? expected) =>
        Check(headers, expected, ignored: null, usesStandard: true);

    [TestCase("", "")]
    [TestCase("unknown", "unknown")]
    [TestCase("192.0.2.1,", "")]
    [TestCase("192.0.2.1, unknown", "unknown")]
    [TestCase("192.0.2.1, unknown, 10.0.0.2", "unknown")]
    [TestCase("192.0.2", "192.0.2")]
    [TestCase("192.0.2.1:", "192.0.2.1:")]
    [TestCase("192.0.2.1:65536", "192.0.2.1:65536")]
    [TestCase("192.0.2.1:4711x", "192.0.2.1:4711x")]
    [TestCase("*", "*")]
    [TestCase("[192.0.2.1]", "[192.0.2.1]")]
    [TestCase("[2001:db8::1", "[2001:db8::1")]
    [TestCase("[2001:db8::1]4711", "[2001:db8::1]4711")]
    [TestCase("fe80::1%eth0", "fe80::1%eth0")]
    [TestCase("game.example", "game.example")]
    public void TryRead_NoAddress_IsIgnoredAndReported(string value, string ignored) =>
        Check($"X-Forwarded-For: {value}", expected: null, ignored, usesStandard: false);

    [TestCase("proto=https", "proto=https")]
    [TestCase("for=", "for=")]
    [TestCase("for=_hidden", "for=_hidden")]
    [TestCase("for=2001:db8::1:x", "for=2001:db8::1:x")]
    [TestCase("for=\"192.0.2.1", "for=\"192.0.2.1")]
    public void TryRead_NoNode_IsIgnoredAndReported(string value, string ignored) =>
        Check($"Forwarded: {value}", expected: null, ignored, usesStandard: true);

    [TestCase(15, true)]
    [TestCase(16, false)]
    public void TryRead_LongChain_IsFollowedUpToALimit(int proxies, bool isFound) =>
        Check(
            $"X-Forwarded-For: 192.0.2.1{string.Concat(Enumerable.Repeat(", 10.0.0.2", proxies))}",
            isFound ? "192.0.2.1:0" : null,
            isFound ? null : "192.0.2.1",
            usesStandard: false);

    [Test]
    public void TryRead_LongText_IsReportedShortened() =>
        Check($"X-Forwarded-For: {new string('x', 4000)}", expected: null, new string('x', 100), usesStandard: false);

    [TestCase("192.0.2.7")]
    [TestCase("11.0.0.1")]
    public void TryRead_PeerThatIsNoProxy_IsNotBelieved(string peer) =>
        Check("X-Forwarded-For: 198.51.100.9", expected: null, ignored: null, usesStandard: false, peer);

    private static void Check(string headers, string? expected, string? ignored, bool usesStandard, string peer = "10.0.0.1")
    {
        List<string> reported = [];
        ProxyNetworks proxies = ProxyNetworks.Create(["10.0.0.0/8", "fd00::/8", "127.0.0.1"])!;
        var forwarding = new Forwarding(proxies, usesStandard, (_, text) => reported.Add(text));
        byte[] head = Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n");
        bool isFound = forwarding.TryRead(head, NetEndpoint.Tcp(peer, 1), out NetEndpoint client);
        Assert.That(isFound ? client.ToString() : null, Is.EqualTo(expected));
        Assert.That(reported, ignored is null ? Is.Empty : Is.EqualTo(new[] { ignored }));
    }
}
