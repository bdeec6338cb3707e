using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using NetLoop.Framing.WebSockets;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>What the checks of load balancers and orchestrators come to.</summary>
public sealed class HealthCheckTests : ServerFixture
{
    private int Port => Server.Endpoints[1].Port;

    [TestCase("GET /healthz HTTP/1.1\r\nHost: 10.0.0.1:80\r\nConnection: close\r\n\r\n", 200, "OK\n")]
    [TestCase("GET /healthz?from=kubelet HTTP/1.1\r\nHost: evil.example\r\nUser-Agent: kube-probe/1.30\r\n\r\n", 200, "OK\n")]
    [TestCase("GET /healthz HTTP/1.0\r\n\r\n", 200, "OK\n")]
    [TestCase("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 200, "")]
    [TestCase("POST /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 405, "WebSocket opens with GET.\n")]
    [TestCase("GET /health HTTP/1.1\r\nHost: x\r\n\r\n", 426, null)]
    [TestCase("GET /healthz2 HTTP/1.1\r\nHost: x\r\n\r\n", 426, null)]
    [TestCase("GET /healthz/ HTTP/1.1\r\nHost: x\r\n\r\n", 426, null)]
    [TestCase("OPTIONS / HTTP/1.0\r\n\r\n", 505, null)]
    [TestCase("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", 405, "")]
    public void PlainRequest_IsAnsweredWithoutAWarning(string request, int status, string? body)
    {
        StartWebSocket();
        (string head, string content) = Ask(request);
        Assert.That(head, Does.StartWith($"HTTP/1.1 {status} "));
        Assert.That(head, Does.Contain("Connection: close"));
        if (body is not null)
        {
            Assert.That(content, Is.EqualTo(body));
        }

        ExpectNoWarning();
        Assert.That(ClosedFor(status == 200 ? CloseReason.Normal : CloseReason.Malformed), Is.EqualTo(1));
        Assert.That(Server.GetStatistics().Rejected, Is.Zero);
    }

    [Test]
    public void Upgrade_AtTheHealthPath_IsAnUpgrade()
    {
        StartWebSocket();
        string request = Encoding.Latin1.GetString(RawWebSocket.Request()).Replace("GET / ", "GET /healthz ", StringComparison.Ordinal);
        using var client = new RawWebSocket(Port);
        client.Send(Encoding.Latin1.GetBytes(request));
        client.ReadHead();
        Assert.That(client.Head, Does.StartWith("HTTP/1.1 101 "));
    }

    [Test]
    public void HealthPath_IsNotSet_AnswersAsAnyPath()
    {
        StartWebSocket(l => l.WebSocket.HealthPath = null);
        Assert.That(Ask("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").Head, Does.StartWith("HTTP/1.1 426 "));
    }

    [Test]
    public void Check_ServerIsFull_Gets503()
    {
        StartWebSocket(configure: o => o.MaxConnections = 1);
        using RawWebSocket only = RawWebSocket.Open(Port);
        (string head, string content) = Ask("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.That(head, Does.StartWith("HTTP/1.1 503 "));
        Assert.That(content, Does.Contain("full"));
    }

    [Test]
    public async Task Check_ServerStops_Gets503OrIsRefused()
    {
        StartWebSocket(configure: o => o.DrainTimeout = TimeSpan.FromMinutes(5));
        using RawWebSocket before = new(Port);
        before.Send("GET /health"u8);
        WaitUntil(() => Server.Core.Counters.BytesIn > 0, "not received");
        Task stop = Server.StopAsync();
        before.ReadHead();
        Assert.That(before.Head, Does.StartWith("HTTP/1.1 503 "));
        before.Dispose();
        await stop.WaitAsync(TestHost.Patience);
        Assert.That(() => new RawWebSocket(Port), Throws.TypeOf<SocketException>());
    }

    [TestCase(0, false)]
    [TestCase(0, true)]
    [TestCase(1, false)]
    [TestCase(1, true)]
    public void Check_ConnectsAndClosesWithoutAByte_LeavesNoWarning(int listener, bool resets)
    {
        const int Checks = 200;
        StartWebSocket();
        for (int i = 0; i < Checks; i++)
        {
            using var check = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            check.Connect("127.0.0.1", Server.Endpoints[listener].Port);
            if (resets)
            {
                check.LingerState = new LingerOption(true, 0);
            }
        }

        WaitUntil(() => Server.Core.Counters.Accepts == Checks && Server.Core.Transport.ConnectionCount == 0, "not all are gone");
        ExpectNoWarning();
        LoopStatistics statistics = Server.GetStatistics();
        Assert.That(statistics.Rejected, Is.Zero);
        Assert.That(
            statistics.ClosedByReason.Where(pair => pair.Value > 0).Select(pair => pair.Key),
            Is.SubsetOf(new[] { CloseReason.Disconnected, CloseReason.TransportError }));
    }

    [TestCase(null, 200, "OK\n")]
    [TestCase("The server is stopping.", 503, "The server is stopping.\n")]
    public void Answer_Problem_IsTheStatusAndTheText(string? problem, int status, string body)
    {
        var policy = new UpgradePolicy([], [], allowsMissingOrigin: true, isLoopback: true) { Health = new HealthCheck("/healthz", () => problem) };
        UpgradeResponse answer = UpgradeResponse.To("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"u8, policy, new byte[WebSocketKey.AcceptBytes]);
        Assert.That((answer.Status, answer.IsHealth, answer.IsForbidden), Is.EqualTo((status, true, false)));
        Assert.That(Encoding.ASCII.GetString(answer.ToResponse(default)), Does.EndWith($"\r\n\r\n{body}"));
    }

    [TestCase("/healthz", true)]
    [TestCase("/", true)]
    [TestCase("healthz", false)]
    [TestCase("", false)]
    [TestCase("/health z", false)]
    [TestCase("/healthz?x", false)]
    [TestCase("/healthz#x", false)]
    [TestCase("/h\u00e4lth", false)]
    public void Validate_HealthPath_IsOneOrIsNamed(string path, bool isOne)
    {
        var listener = new ListenOptions(NetEndpoint.WebSocket("127.0.0.1", 0));
        listener.WebSocket.HealthPath = path;
        Assert.That(
            listener.Validate,
            isOne ? Throws.Nothing : Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"WebSocket.HealthPath is '{path}'; allowed: a path"));
    }

    private (string Head, string Body) Ask(string request)
    {
        using var socket = new TcpClient("127.0.0.1", Port) { ReceiveTimeout = (int)TestHost.Patience.TotalMilliseconds };
        NetworkStream stream = socket.GetStream();
        stream.Write(Encoding.Latin1.GetBytes(request));
        string response = new StreamReader(stream, Encoding.Latin1).ReadToEnd();
        WaitUntil(() => Server.Core.Services.Sessions.Count <= 1, "its session is still there");
        int end = response.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (response[..end], response[end..]);
    }

    private void ExpectNoWarning() => Assert.That(Log.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text), Is.Empty);

    private void StartWebSocket(Action<ListenOptions>? listen = null, Action<NetServerOptions>? configure = null) =>
        Start(configure: o =>
        {
            configure?.Invoke(o);
            o.ListenWebSocket("127.0.0.1", 0, l =>
            {
                l.WebSocket.HealthPath = "/healthz";
                listen?.Invoke(l);
            });
        });
}
