using System.Net.WebSockets;
using System.Text;
using NetLoop.Framing.WebSockets;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>Subprotocols of a listener, of its clients and of browsers.</summary>
public sealed class SubprotocolTests : ServerFixture
{
    private int Port => Server.Endpoints[1].Port;

    [TestCase("Sec-WebSocket-Protocol: game.v2", "game.v2")]
    [TestCase("sec-websocket-protocol:game.v2", "game.v2")]
    [TestCase("Sec-WebSocket-Protocol: token, game.v1 ,game.v2", "game.v1", Description = "the first of the client's, not of the server's")]
    [TestCase("Sec-WebSocket-Protocol: game.v2, game.v1", "game.v2")]
    [TestCase("Sec-WebSocket-Protocol: token\r\nSec-WebSocket-Protocol: game.v1\r\nSec-WebSocket-Protocol: game.v2", "game.v1")]
    [TestCase("Sec-WebSocket-Protocol: GAME.v2", null)]
    [TestCase("Sec-WebSocket-Protocol: game", null)]
    [TestCase("Sec-WebSocket-Protocol: game.v2x", null)]
    [TestCase("Sec-WebSocket-Protocol: \"game.v2\"", null)]
    [TestCase("Sec-WebSocket-Protocol: ,,", null)]
    [TestCase("X-Sec-WebSocket-Protocol: game.v2", null)]
    [TestCase("X: y", null)]
    public void Upgrade_ClientOffers_ChoosesItsFirstThatTheListenerSpeaks(string header, string? chosen)
    {
        StartWebSocket(Speak);
        using RawWebSocket client = RawWebSocket.Open(Port, header + "\r\n");
        Assert.That(client.Head, chosen is null ? Does.Not.Contain("Sec-WebSocket-Protocol") : Does.Contain($"\r\nSec-WebSocket-Protocol: {chosen}\r\n"));
        Assert.That(NextOpened().Subprotocol, Is.EqualTo(chosen ?? ""));
    }

    [TestCase("Sec-WebSocket-Protocol: game.v1\r\n", 101)]
    [TestCase("Sec-WebSocket-Protocol: token\r\n", 400)]
    [TestCase("", 400)]
    public void Upgrade_OneIsRequired_RejectsClientsWithout(string header, int status)
    {
        StartWebSocket(l =>
        {
            Speak(l);
            l.WebSocket.RequireSubprotocol = true;
        });
        using var client = new RawWebSocket(Port);
        client.Send(RawWebSocket.Request(header));
        client.ReadHead();
        Assert.That(client.Head, Does.StartWith($"HTTP/1.1 {status} "));
    }

    [Test]
    public void Upgrade_TokenOfABrowser_ReachesTheAuthenticator()
    {
        string? token = null;
        StartWebSocket(
            l =>
            {
                Speak(l);
                l.Hello = HelloMode.Required;
            },
            o => o.Authenticate = (request, _) =>
            {
                token = request.Upgrade!.Headers["Sec-WebSocket-Protocol"].Split(", ")[1];
                return new(AuthenticationResult.Accept());
            });
        using RawWebSocket client = RawWebSocket.Open(Port, "Sec-WebSocket-Protocol: game.v1, s3cr3t\r\n");
        client.Send(RawWebSocket.Frame(2, Wire.HelloFrame()[4..]));
        Assert.That(NextOpened().Subprotocol, Is.EqualTo("game.v1"));
        Assert.That(token, Is.EqualTo("s3cr3t"));
    }

    [TestCase("game.v1,token", "game.v1")]
    [TestCase("token", "")]
    [TestCase("", "")]
    public async Task ConnectAsync_Offers_BothSidesKnowTheChoice(string offers, string chosen)
    {
        StartWebSocket(l =>
        {
            Speak(l);
            l.Hello = HelloMode.Required;
        });
        await using NetClient client = await NetClient.ConnectAsync(Server.Endpoints[1], o =>
        {
            foreach (string offer in offers.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                o.Subprotocols.Add(offer);
            }
        }).WaitAsync(TestHost.Patience);
        Assert.That(client.Session.Subprotocol, Is.EqualTo(chosen));
        Assert.That(NextOpened().Subprotocol, Is.EqualTo(chosen));
    }

    [Test]
    public async Task ClientWebSocket_Offers_SeesTheChoice()
    {
        StartWebSocket(Speak);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("token");
        client.Options.AddSubProtocol("game.v1");
        await client.ConnectAsync(new Uri(Server.Endpoints[1].ToUri()), CancellationToken.None).WaitAsync(TestHost.Patience);
        Assert.That(client.SubProtocol, Is.EqualTo("game.v1"));
    }

    [TestCase("", "", true)]
    [TestCase("game.v1", "Sec-WebSocket-Protocol: game.v1\r\n", true)]
    [TestCase("game.v1", "", true, Description = "the server chose none")]
    [TestCase("", "Sec-WebSocket-Protocol: game.v1\r\n", false)]
    [TestCase("game.v1", "Sec-WebSocket-Protocol: game.v2\r\n", false)]
    [TestCase("game.v1", "Sec-WebSocket-Protocol: GAME.v1\r\n", false)]
    [TestCase("game.v1,game.v2", "Sec-WebSocket-Protocol: game.v1, game.v2\r\n", false)]
    [TestCase("game.v1", "Sec-WebSocket-Protocol:\r\n", false)]
    [TestCase("game.v1", "Sec-WebSocket-Protocol: game.v1\r\nSec-WebSocket-Protocol: game.v1\r\n", false)]
    public void CheckResponse_Subprotocol_IsOneThatWasOffered(string offers, string header, bool isAccepted)
    {
        var list = new SubprotocolList(offers.Split(',', StringSplitOptions.RemoveEmptyEntries));
        var request = new UpgradeRequest("127.0.0.1", "/", origin: null, new byte[WebSocketKey.NonceBytes], list);
        byte[] accept = new byte[WebSocketKey.AcceptBytes];
        UpgradeResponse answer = UpgradeResponse.To(request.Bytes, UpgradePolicy.SameHost, accept);
        string head = Encoding.ASCII.GetString(answer.ToResponse(accept));
        string? refusal = request.CheckResponse(Encoding.ASCII.GetBytes(head[..^2] + header + "\r\n"), out _);
        Assert.That(refusal, isAccepted ? Is.Null : Does.Contain("subprotocol that was not offered"));
    }

    [TestCase("game.v1", true)]
    [TestCase("!#$%&'*+-.^_`|~09azAZ", true)]
    [TestCase("", false)]
    [TestCase("game v1", false)]
    [TestCase("game,v1", false)]
    [TestCase("game/v1", false)]
    [TestCase("game\r\nX: y", false)]
    [TestCase("sp\u00f6l", false)]
    public void Validate_Name_IsATokenOrIsNamed(string name, bool isOne) =>
        Check([name], isOne ? null : $"Subprotocols is '{name}'; allowed: tokens such as game.v1");

    [TestCase(16, 10, true)]
    [TestCase(17, 10, false)]
    [TestCase(16, 254, true)]
    [TestCase(16, 255, false)]
    [TestCase(1, 4094, true)]
    [TestCase(1, 4095, false)]
    public void Validate_Names_AreLimitedInNumberAndBytes(int count, int length, bool fits) => Check(
        [.. Enumerable.Range(0, count).Select(i => $"{i:D2}".PadRight(length, 'x'))],
        fits ? null : $"Subprotocols is a list of {count}; allowed: at most 16 different names with 4096 bytes in total");

    [Test]
    public void Validate_SameNameTwice_IsRejected() => Check(["game", "game"], "at most 16 different names");

    [Test]
    public void Validate_RequiredAndNoneSpoken_IsRejected()
    {
        var listener = new ListenOptions(NetEndpoint.WebSocket("127.0.0.1", 0));
        listener.WebSocket.RequireSubprotocol = true;
        Assert.That(listener.Validate, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("WebSocket.RequireSubprotocol"));
    }

    private static void Check(string[] names, string? refusal)
    {
        var listener = new ListenOptions(NetEndpoint.WebSocket("127.0.0.1", 0));
        var client = new NetClientOptions();
        foreach (string name in names)
        {
            listener.WebSocket.Subprotocols.Add(name);
            client.Subprotocols.Add(name);
        }

        Assert.That(
            listener.Validate, refusal is null ? Throws.Nothing : Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(refusal));
        Assert.That(client.Validate, refusal is null ? Throws.Nothing : Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(refusal));
    }

    private static void Speak(ListenOptions listener)
    {
        listener.WebSocket.Subprotocols.Add("game.v2");
        listener.WebSocket.Subprotocols.Add("game.v1");
    }

    private void StartWebSocket(Action<ListenOptions> listen, Action<NetServerOptions>? configure = null) =>
        Start(configure: o =>
        {
            configure?.Invoke(o);
            o.ListenWebSocket("127.0.0.1", 0, l =>
            {
                l.Hello = HelloMode.None;
                l.PingInterval = TimeSpan.Zero;
                listen(l);
            });
        });
}
