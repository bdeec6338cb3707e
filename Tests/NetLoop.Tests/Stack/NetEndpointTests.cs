using System.Net;
using NUnit.Framework;

namespace NetLoop.Tests.Stack;

[TestFixture]
public sealed class NetEndpointTests
{
    [TestCase("127.0.0.1:7777", "127.0.0.1:7777")]
    [TestCase("tcp://127.0.0.1:7777", "127.0.0.1:7777")]
    [TestCase("localhost:1", "localhost:1")]
    [TestCase("example.com:80", "example.com:80")]
    [TestCase("tcp://Game-1.Example:80", "game-1.example:80")]
    [TestCase("xn--mnchen-3ya.example:80", "xn--mnchen-3ya.example:80")]
    [TestCase("_game._tcp.example:80", "_game._tcp.example:80")]
    [TestCase("1.2.3.4.example:80", "1.2.3.4.example:80")]
    [TestCase("*:65535", "0.0.0.0:65535")]
    [TestCase("0.0.0.0:0", "0.0.0.0:0")]
    [TestCase("[::1]:7777", "[::1]:7777")]
    [TestCase("tcp://[::]:80", "[::]:80")]
    [TestCase("[2001:DB8:0:0:0:0:0:1]:80", "[2001:db8::1]:80")]
    [TestCase("[fe80::1%3]:80", "[fe80::1%3]:80")]
    [TestCase("[::ffff:10.0.0.1]:80", "10.0.0.1:80")]
    [TestCase("[::ffff:10.0.0.1%5]:80", "10.0.0.1:80")]
    [TestCase("unix:/run/game.sock", "/run/game.sock")]
    [TestCase("unix:///run/game.sock", "/run/game.sock")]
    [TestCase("unix:game.sock", "game.sock")]
    public void Parse_GoodText_IsReadAndWrittenPlainly(string text, string expected)
    {
        NetEndpoint endpoint = NetEndpoint.Parse(text);
        Assert.That(endpoint.ToString(), Is.EqualTo(expected));
        Assert.That(NetEndpoint.Parse(endpoint.ToUri()), Is.EqualTo(endpoint), "the way back");
        Assert.That(NetEndpoint.TryParse(text, out NetEndpoint same), Is.True);
        Assert.That(same, Is.EqualTo(endpoint));
    }

    [TestCase("")]
    [TestCase("127.0.0.1")]
    [TestCase(":80")]
    [TestCase("127.0.0.1:")]
    [TestCase("127.0.0.1:65536")]
    [TestCase("127.0.0.1:-1")]
    [TestCase("127.0.0.1:+1")]
    [TestCase("127.0.0.1: 1")]
    [TestCase("127.0.0.1:000080")]
    [TestCase("127.0.0.1:8x")]
    [TestCase("1:80")]
    [TestCase("127.1:80")]
    [TestCase("0x7f.0.0.1:80")]
    [TestCase("010.0.0.1:80")]
    [TestCase(" 127.0.0.1:80")]
    [TestCase("256.0.0.1:80")]
    [TestCase("example..com:80")]
    [TestCase(".example.com:80")]
    [TestCase("example.com.:80")]
    [TestCase("-example.com:80")]
    [TestCase("example-.com:80")]
    [TestCase("exa mple.com:80")]
    [TestCase("münchen.example:80")]
    [TestCase("example.com/:80")]
    [TestCase("user@example.com:80")]
    [TestCase("example.1:80")]
    [TestCase("example.0x1:80")]
    [TestCase("[example.com]:80")]
    [TestCase("::1:80")]
    [TestCase("[::1]")]
    [TestCase("[::1:80")]
    [TestCase("[127.0.0.1]:80")]
    [TestCase("[[::1]]:80")]
    [TestCase("[::1]:80:90")]
    [TestCase("sctp://127.0.0.1:80")]
    [TestCase("udp://127.0.0.1")]
    [TestCase("udp://127.0.0.1:80/")]
    [TestCase("unix:")]
    [TestCase("unix://")]
    [TestCase("unix:\0abstract")]
    public void Parse_BadText_IsRejectedInOneSentence(string text)
    {
        Assert.That(NetEndpoint.TryParse(text, out NetEndpoint endpoint), Is.False);
        Assert.That(endpoint, Is.EqualTo(default(NetEndpoint)));
        Assert.That(() => NetEndpoint.Parse(text), Throws.TypeOf<FormatException>().With.Message.EndsWith("."));
    }

    [TestCase("http://127.0.0.1:80", "'http' is not a scheme of an endpoint: write HOST:PORT")]
    [TestCase("https://game.example", "'https' is not a scheme of an endpoint: write HOST:PORT")]
    [TestCase("ws:://127.0.0.1:80", "'ws:' is not a scheme of an endpoint: write HOST:PORT")]
    public void Parse_OtherScheme_IsNamed(string text, string expected) =>
        Assert.That(() => NetEndpoint.Parse(text), Throws.TypeOf<FormatException>().With.Message.StartsWith(expected));

    [Test]
    public void TryParse_NullOrNonsense_IsFalseAndLeavesNothingOfTheLast()
    {
        foreach (string? text in new[] { null, "", "nonsense" })
        {
            NetEndpoint endpoint = NetEndpoint.Tcp("192.0.2.7", 7);
            Assert.That(NetEndpoint.TryParse(text, out endpoint), Is.False);
            Assert.That(endpoint, Is.EqualTo(default(NetEndpoint)));
        }
    }

    [TestCase("example..com")]
    [TestCase("")]
    [TestCase("[::1]")]
    [TestCase("[::1]:80")]
    [TestCase("127.1")]
    public void Tcp_NotAnAddress_SaysWhatToWrite(string address) =>
        Assert.That(() => NetEndpoint.Tcp(address, 1), Throws.ArgumentException.With.Message.Contains("127.0.0.1"));

    [TestCase(-1)]
    [TestCase(65_536)]
    public void Tcp_PortOutOfRange_IsRejected(int port)
    {
        Assert.That(() => NetEndpoint.Tcp("127.0.0.1", port), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => NetEndpoint.Tcp("127.0.0.1", 1).WithPort(port), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Tcp_IPv4AndMappedIPv6_AreOneEndpoint()
    {
        NetEndpoint plain = NetEndpoint.Tcp(IPAddress.Parse("10.1.2.3"), 80);
        NetEndpoint mapped = NetEndpoint.Tcp(IPAddress.Parse("::ffff:10.1.2.3"), 80);
        Assert.That(mapped, Is.EqualTo(plain));
        Assert.That(mapped.GetHashCode(), Is.EqualTo(plain.GetHashCode()));
        Assert.That(plain.IsIPv4, Is.True);
        Assert.That(plain.IsIPv6, Is.False);
        Assert.That(plain.Address, Is.EqualTo(new UInt128(0, 0xFFFF_0A01_0203)));
    }

    [TestCase("127.0.0.1:1", true)]
    [TestCase("127.255.0.9:1", true)]
    [TestCase("128.0.0.1:1", false)]
    [TestCase("[::1]:1", true)]
    [TestCase("[::2]:1", false)]
    [TestCase("0.0.0.0:1", false)]
    [TestCase("unix:/a", true)]
    [TestCase("localhost:1", true)]
    [TestCase("ws://game.localhost:1/", true)]
    [TestCase("localhost.example:1", false)]
    [TestCase("notlocalhost:1", false)]
    public void IsLoopback_Address_SaysWhetherTrafficStaysHere(string text, bool expected) =>
        Assert.That(NetEndpoint.Parse(text).IsLoopback, Is.EqualTo(expected));

    [TestCase("0.0.0.0:1", true)]
    [TestCase("[::]:1", true)]
    [TestCase("127.0.0.1:1", false)]
    [TestCase("[::1]:1", false)]
    [TestCase("unix:/a", false)]
    public void IsAny_Address_SaysWhetherItIsEveryInterface(string text, bool expected) =>
        Assert.That(NetEndpoint.Parse(text).IsAny, Is.EqualTo(expected));

    [Test]
    public void Equals_OtherPortScopeOrPath_Differs()
    {
        NetEndpoint endpoint = NetEndpoint.Parse("[fe80::1%3]:80");
        Assert.That(endpoint.WithPort(81), Is.Not.EqualTo(endpoint));
        Assert.That(endpoint.WithPort(81).WithPort(80), Is.EqualTo(endpoint));
        Assert.That(NetEndpoint.Parse("[fe80::1%4]:80"), Is.Not.EqualTo(endpoint));
        Assert.That(NetEndpoint.Unix("/a"), Is.EqualTo(NetEndpoint.Unix(new string(['/', 'a']))).And.Not.EqualTo(NetEndpoint.Unix("/A")));
    }

    [Test]
    public void Parse_HostName_IsKeptUntilSomebodyLooksItUp()
    {
        NetEndpoint endpoint = NetEndpoint.Parse("ws://Game.Example:7780/play?room=1");
        Assert.That((endpoint.Transport, endpoint.Scheme), Is.EqualTo((TransportKind.Tcp, EndpointScheme.WebSocket)));
        Assert.That((endpoint.HostName, endpoint.Port, endpoint.Path), Is.EqualTo(("game.example", 7780, "/play?room=1")));
        Assert.That(
            (endpoint.Address, endpoint.IsIPv4, endpoint.IsIPv6, endpoint.IsAny, endpoint.IsResolved), Is.EqualTo((UInt128.Zero, false, false, false, false)));
        Assert.That(endpoint.ToUri(), Is.EqualTo("ws://game.example:7780/play?room=1"));
        Assert.That(endpoint.ToTcp(), Is.EqualTo(NetEndpoint.Tcp("game.example", 7780)));
        Assert.That(endpoint.WithPort(80).ToUri(), Is.EqualTo("ws://game.example:80/play?room=1"));
        Assert.That(endpoint.At(IPAddress.IPv6Loopback).ToUri(), Is.EqualTo("ws://[::1]:7780/play?room=1"));
        Assert.That(endpoint.ToTcp().At(IPAddress.Loopback), Is.EqualTo(NetEndpoint.Tcp("127.0.0.1", 7780)));
        Assert.That(NetEndpoint.Tcp("127.0.0.1", 7780).HostName, Is.Empty);
    }

    [TestCase(63, true)]
    [TestCase(64, false)]
    public void TryParse_LabelAtItsLimit_IsTakenAndOneMoreCharacterIsNot(int length, bool expected) =>
        Assert.That(NetEndpoint.TryParse($"{new string('a', length)}.example:1", out _), Is.EqualTo(expected));

    [TestCase(253, true)]
    [TestCase(254, false)]
    public void TryParse_NameAtItsLimit_IsTakenAndOneMoreCharacterIsNot(int length, bool expected)
    {
        string name = string.Concat(Enumerable.Repeat("abcdefgh.", 40))[..(length - 1)] + "z";
        Assert.That(NetEndpoint.TryParse($"{name}:1", out _), Is.EqualTo(expected));
    }

    [Test]
    public void Unix_PathAtItsLimit_IsTakenAndOneMoreByteIsNot()
    {
        Assert.That(NetEndpoint.Unix(new string('a', 107)).Path, Has.Length.EqualTo(107));
        Assert.That(() => NetEndpoint.Unix(new string('a', 108)), Throws.ArgumentException.With.Message.Contains("107"));
        Assert.That(() => NetEndpoint.Unix(new string('é', 54)), Throws.ArgumentException.With.Message.Contains("107"), "two bytes each");
    }

    [Test]
    public void Default_NamesNothing()
    {
        NetEndpoint none = default;
        Assert.That(none.Transport, Is.EqualTo(TransportKind.None));
        Assert.That(none.IsLoopback || none.IsAny || none.IsIPv4 || none.IsIPv6, Is.False);
        Assert.That(none.ToString(), Is.EqualTo("(none)"));
        Assert.That(() => none.WithPort(1), Throws.InvalidOperationException);
    }
}
