using System.Text;
using NetLoop.Framing.WebSockets;
using NetLoop.Tests.Transports.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Framing.WebSockets;

[Parallelizable]
public sealed class UpgradePolicyTests
{
    [TestCase("http://127.0.0.1", "", true)]
    [TestCase("http://127.0.0.1:5000", "", true)]
    [TestCase("https://127.0.0.1", "", true)]
    [TestCase("http://127.0.0.1.evil.example", "", false)]
    [TestCase("http://127.0.0.1@evil.example", "", false)]
    [TestCase("http://127.0.0.1:80@evil.example", "", false)]
    [TestCase("http://evil.example", "", false)]
    [TestCase("null", "", false)]
    [TestCase("", "", false)]
    [TestCase("127.0.0.1", "", false)]
    [TestCase("https://game.example", "https://game.example", true)]
    [TestCase("https://GAME.example", "https://game.example", true)]
    [TestCase("https://game.example:444", "https://game.example", false)]
    [TestCase("http://game.example", "https://game.example", false)]
    [TestCase("http://127.0.0.1", "https://game.example", false)]
    [TestCase("https://game.example", "HTTPS://Game.Example:443/", true)]
    [TestCase("https://game.example:443", "https://game.example", true)]
    [TestCase("https://game.example", "https://game.example.", true)]
    [TestCase("http://game.example:80", "http://game.example/", true)]
    [TestCase("http://game.example:443", "https://game.example", false)]
    [TestCase("https://game.example:80", "http://game.example", false)]
    [TestCase("https://game.example/", "https://game.example", false, Description = "no browser sends it")]
    [TestCase("https://[2001:db8::1]", "https://[2001:DB8:0:0:0:0:0:1]:443", true)]
    [TestCase("capacitor://localhost", "capacitor://localhost", true)]
    [TestCase("capacitor://localhost:80", "capacitor://localhost", false)]
    [TestCase("https://null", "null", false)]
    [TestCase("null", "null", true)]
    [TestCase("127.0.0.1", "127.0.0.1", true)]
    public void GetRejection_Origin_IsAllowedByTheList(string origin, string allowed, bool isAllowed)
    {
        var policy = new UpgradePolicy(allowed.Length == 0 ? [] : ["https://other.example", allowed], [], allowsMissingOrigin: true, isLoopback: false);
        UpgradeResponse answer = To(policy, "127.0.0.1", origin);
        Assert.That(answer.Status, Is.EqualTo(isAllowed ? 101 : 403));
        Assert.That(answer.IsForbidden, Is.Not.EqualTo(isAllowed));
    }

    [TestCase(true, 101)]
    [TestCase(false, 403)]
    public void GetRejection_NoOrigin_IsAllowedIfConfigured(bool allowsMissing, int status) =>
        Assert.That(To(new UpgradePolicy([], [], allowsMissing, isLoopback: false), "127.0.0.1").Status, Is.EqualTo(status));

    [TestCase("127.0.0.1", 101)]
    [TestCase("127.0.0.1:7780", 101)]
    [TestCase("127.255.0.9:7780", 101)]
    [TestCase("localhost", 101)]
    [TestCase("LocalHost:7780", 101)]
    [TestCase("localhost.:7780", 101)]
    [TestCase("game.localhost:7780", 101)]
    [TestCase("[::1]", 101)]
    [TestCase("[::1]:7780", 101)]
    [TestCase("[0:0:0:0:0:0:0:1]:7780", 101)]
    [TestCase("[::ffff:127.0.0.1]:7780", 101)]
    [TestCase("evil.example", 421)]
    [TestCase("evil.example:7780", 421)]
    [TestCase("127.0.0.1.evil.example", 421)]
    [TestCase("localhost.evil.example", 421)]
    [TestCase("evillocalhost", 421)]
    [TestCase(".localhost", 421)]
    [TestCase("127.0.0.1@evil.example", 421)]
    [TestCase("127.0.0.1:80@evil.example", 421)]
    [TestCase("127.0.0.1, evil.example", 421)]
    [TestCase("0.0.0.0:7780", 421)]
    [TestCase("[::]:7780", 421)]
    [TestCase("192.168.0.1:7780", 421)]
    [TestCase("128.0.0.1", 421)]
    [TestCase("2130706433", 421)]
    [TestCase("0x7f000001", 421)]
    [TestCase("127.1", 421)]
    [TestCase("127.0.0.01", 421)]
    [TestCase("127.0.0.256", 421)]
    [TestCase("127.0.0.1.1", 421)]
    [TestCase("::1", 421)]
    [TestCase("[127.0.0.1]", 421)]
    [TestCase("[::1", 421)]
    [TestCase("[::1]x", 421)]
    [TestCase("[::1%lo]", 421)]
    [TestCase("[::ffff:192.168.0.1]", 421)]
    [TestCase("", 421)]
    [TestCase(":7780", 421)]
    [TestCase("127.0.0.1:77x", 421)]
    [TestCase("l\u00f6calhost", 421)]
    public void GetRejection_LoopbackListener_ServesLoopbackHostsAlone(string host, int status)
    {
        Assert.That(To(Loopback(), host).Status, Is.EqualTo(status), "a program");
        Assert.That(To(Loopback(), host, $"http://{host}").Status, Is.EqualTo(status), "a page of the same host");
    }

    [TestCase("127.0.0.1:7780", "http://127.0.0.1:7778", 101)]
    [TestCase("127.0.0.1:7780", "http://localhost:5000", 101)]
    [TestCase("localhost:7780", "http://[::1]:7778", 101)]
    [TestCase("127.0.0.1:7780", "https://evil.example", 403)]
    [TestCase("127.0.0.1:7780", "http://192.168.0.1", 403)]
    [TestCase("127.0.0.1:7780", "http://127.0.0.1@evil.example", 403)]
    [TestCase("127.0.0.1:7780", "http://127.0.0.1:80@evil.example", 403)]
    [TestCase("127.0.0.1:7780", "http://2130706433", 403)]
    [TestCase("127.0.0.1:7780", "127.0.0.1", 403)]
    [TestCase("127.0.0.1:7780", "null", 403)]
    [TestCase("127.0.0.1:7780", "", 403)]
    public void GetRejection_LoopbackListener_AcceptsPagesOfThisMachineAlone(string host, string origin, int status) =>
        Assert.That(To(Loopback(), host, origin).Status, Is.EqualTo(status));

    [TestCase("127.0.0.1:7780", "http://localhost:7778", 101)]
    [TestCase("127.0.0.1:7780", "http://127.0.0.1:7778", 403, Description = "another page of this machine")]
    [TestCase("game.example", "https://game.example:8443", 101)]
    [TestCase("game.example:8443", "https://game.example:8443", 101)]
    [TestCase("GAME.example.", "https://game.example:8443", 101)]
    [TestCase("127.0.0.1:7780", "https://game.example:8443", 101, Description = "through a proxy that writes a Host of its own")]
    [TestCase("game.example", "https://game.example", 403)]
    [TestCase("evil.example", "https://game.example:8443", 421)]
    [TestCase("null", "https://game.example:8443", 421)]
    public void GetRejection_LoopbackListenerWithAllowedOrigins_ServesTheirHosts(string host, string origin, int status) =>
        Assert.That(To(Loopback(["http://localhost:7778", "https://game.example:8443", "null"]), host, origin).Status, Is.EqualTo(status));

    [TestCase("game.example", "https://game.example", 101)]
    [TestCase("game.example", "http://127.0.0.1", 403)]
    [TestCase("game.example", "https://evil.example", 403)]
    [TestCase("evil.example", "https://evil.example", 421)]
    [TestCase("127.0.0.1", "http://127.0.0.1", 101)]
    public void GetRejection_LoopbackListenerWithAllowedHosts_ServesThemToTheirOwnPages(string host, string origin, int status) =>
        Assert.That(To(Loopback([], ["game.example"]), host, origin).Status, Is.EqualTo(status));

    [TestCase("game.example:7780", "http://game.example", 101)]
    [TestCase("other.example:7780", "https://other.example:8443", 101)]
    [TestCase("127.0.0.1:7780", "http://127.0.0.1", 421)]
    [TestCase("evil.example:7780", "http://evil.example", 421)]
    public void GetRejection_OtherListenerWithAllowedHosts_ServesThemAlone(string host, string origin, int status)
    {
        var policy = new UpgradePolicy(["http://game.example", "https://other.example:8443"], ["game.example"], allowsMissingOrigin: true, isLoopback: false);
        Assert.That(To(policy, host, origin).Status, Is.EqualTo(status));
    }

    [Test]
    public void GetRejection_ForeignOriginOrHost_SaysWhatToSet()
    {
        Assert.That(To(Loopback(), "127.0.0.1", "https://game.example").Text, Does.Contain("add 'https://game.example' to WebSocket.AllowedOrigins"));
        Assert.That(To(Loopback(), "127.0.0.1:7780", "https://game.example").Text, Does.Contain("connect to '127.0.0.1:7780'"));
        Assert.That(To(Loopback(), "game.example").Text, Does.Contain("'game.example'").And.Contain("WebSocket.AllowedHosts"));
        Assert.That(To(Loopback(), "game.example", "https://page.example").Text, Does.Contain("'game.example' for pages of 'https://page.example'"));
        var strict = new UpgradePolicy([], [], allowsMissingOrigin: false, isLoopback: false);
        Assert.That(To(strict, "game.example").Text, Does.Contain("'game.example'").And.Contain("WebSocket.AllowMissingOrigin"));
    }

    [TestCase("https://game.example/path")]
    [TestCase("https://*")]
    [TestCase("")]
    public void GetRejection_OriginThatIsNone_IsNotToBeAdded(string origin) =>
        Assert.That(To(Loopback(), "127.0.0.1", origin).Text, Does.Contain("not an origin").And.Not.Contain("add '"));

    [Test]
    public void GetRejection_TextOfThePeer_IsShownShortAndPlain()
    {
        UpgradeResponse answer = To(Loopback(), "127.0.0.1", $"http://\u00e4\u00ff{new string('x', 5000)}");
        Assert.That(answer.Text, Does.StartWith("Pages of 'http://??xxx").And.Length.LessThan(500));
        string response = Encoding.UTF8.GetString(answer.ToResponse(default));
        int body = response.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        Assert.That(response, Does.Contain($"Content-Length: {response.Length - body}\r\n"));
    }

    [TestCase("Host: evil.example\r\n")]
    [TestCase("Origin: http://127.0.0.1\r\nOrigin: http://evil.example\r\n")]
    public void GetRejection_SaidTwice_IsMalformed(string more) =>
        Assert.That(UpgradeResponse.To(RawWebSocket.Request(more), Loopback(), new byte[WebSocketKey.AcceptBytes]).Status, Is.EqualTo(400));

    private static UpgradePolicy Loopback(string[]? origins = null, string[]? hosts = null) =>
        new(origins ?? [], hosts ?? [], allowsMissingOrigin: true, isLoopback: true);

    private static UpgradeResponse To(UpgradePolicy policy, string host, string? origin = null)
    {
        string request = Encoding.Latin1.GetString(RawWebSocket.Request(origin is null ? "" : $"Origin: {origin}\r\n"));
        byte[] head = Encoding.Latin1.GetBytes(request.Replace("Host: 127.0.0.1\r\n", $"Host: {host}\r\n", StringComparison.Ordinal));
        return UpgradeResponse.To(head, policy, new byte[WebSocketKey.AcceptBytes]);
    }
}
