using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Transports;

[Parallelizable(ParallelScope.All)]
public sealed class ProxyNetworksTests
{
    [TestCase("10.0.0.7", "10.0.0.7", true)]
    [TestCase("10.0.0.7", "10.0.0.8", false)]
    [TestCase("10.0.0.7", "::ffff:10.0.0.7", true)]
    [TestCase("10.0.0.0/8", "10.255.255.255", true)]
    [TestCase("10.0.0.0/8", "11.0.0.0", false)]
    [TestCase("10.0.0.0/8", "9.255.255.255", false)]
    [TestCase("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [TestCase("::ffff:10.0.0.0/104", "11.1.2.3", false)]
    [TestCase("0.0.0.0/0", "192.0.2.1", true)]
    [TestCase("0.0.0.0/0", "2001:db8::1", false)]
    [TestCase("::/0", "2001:db8::1", true)]
    [TestCase("fd00::/8", "fdff::1", true)]
    [TestCase("fd00::/8", "fe00::1", false)]
    [TestCase("2001:db8::/33", "2001:db8:7fff::1", true)]
    [TestCase("2001:db8::/33", "2001:db8:8000::1", false)]
    [TestCase("unix", "127.0.0.1", false)]
    public void Contains_Address_IsInTheNetwork(string entry, string address, bool isIn)
    {
        ProxyNetworks proxies = ProxyNetworks.Create(["192.0.2.77", entry])!;
        Assert.That(proxies.Contains(NetEndpoint.Tcp(address, 40_000)), Is.EqualTo(isIn));
    }

    [TestCase("unix", true)]
    [TestCase("::/0", false)]
    public void Contains_PeerOfAUnixSocket_IsOnlyByItsName(string entry, bool isIn) =>
        Assert.That(ProxyNetworks.Create([entry])!.Contains(NetEndpoint.FromUnixPath("")), Is.EqualTo(isIn));

    [Test]
    public void Create_NoEntries_IsNone() => Assert.That(ProxyNetworks.Create([]), Is.Null);
}
