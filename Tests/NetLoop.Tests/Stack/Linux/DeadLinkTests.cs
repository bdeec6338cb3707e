using System.Diagnostics;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

/// <summary>A link that loses all packets, or an interface that goes down: neither side gets a FIN or RST. Each test takes about one second.</summary>
[TestFixture]
public sealed class DeadLinkTests
{
    private const string Ports = "32768 60999";

    // A queue without room drops every packet.
    private const string LoseEverything = "tc qdisc replace dev lo root pfifo limit 0";
    private const string InterfaceDown = "ip link set lo down";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    [TestCase(LoseEverything)]
    [TestCase(InterfaceDown)]
    public void Session_NothingIsSent_EndsIdleOnBothSides(string cut) => OwnNetwork.Run(Ports, () =>
    {
        using var link = new Link(o => o.IdleTimeout = Deadline);
        Run(cut);
        CloseInfo idle = new(CloseReason.Idle, "Nothing arrived for the idle timeout.", ByPeer: false);
        Assert.That((link.ServerEnd(), link.ClientEnd()), Is.EqualTo((idle, idle)));
        link.StopAndCheck();
    });

    [TestCase(LoseEverything)]
    [TestCase(InterfaceDown)]
    public void Session_SomethingIsSent_TimesOutOnBothSides(string cut) => OwnNetwork.Run(Ports, () =>
    {
        using var link = new Link(o => o.UserTimeout = Deadline);
        Run(cut);
        link.SendFromBoth();
        CloseInfo timedOut = new(CloseReason.TransportError, "TimedOut", ByPeer: false);
        Assert.That((link.ServerEnd(), link.ClientEnd()), Is.EqualTo((timedOut, timedOut)));
        link.StopAndCheck();
    });

    [Test]
    public void Session_OnlyPingsAreSent_TimesOutOnBothSides() => OwnNetwork.Run(Ports, () =>
    {
        using var link = new Link(o =>
        {
            o.UserTimeout = Deadline;
            o.PingInterval = TimeSpan.FromMilliseconds(50);
        });
        Run(LoseEverything);
        Assert.That((link.ServerEnd().Text, link.ClientEnd().Text), Is.EqualTo(("TimedOut", "TimedOut")));
        link.StopAndCheck();
    });

    [TestCase(LoseEverything)]
    [TestCase(InterfaceDown)]
    public void StopAsync_LinkIsDead_EndsByTheDrainTimeout(string cut) => OwnNetwork.Run(Ports, () =>
    {
        using var link = new Link(o => o.CloseTimeout = TimeSpan.FromMinutes(5), drain: Deadline);
        Run(cut);
        link.SendFromBoth();
        link.StopAndCheck();
        Assert.That(link.ServerEnd().Reason, Is.EqualTo(CloseReason.ServerStopping));
    });

    [Test]
    public void Close_LinkIsDead_EndsTheConnectionByTheCloseTimeout() => OwnNetwork.Run(Ports, () =>
    {
        using var link = new Link(o => o.CloseTimeout = Deadline);
        Run(LoseEverything);
        link.CloseServerSession();
        Assert.That(link.ServerEnd(), Is.EqualTo(new CloseInfo(CloseReason.Kicked, "out", ByPeer: false)));
        link.AwaitNoServerConnection();
        link.StopAndCheck();
    });

    [Test]
    public void ConnectAsync_LinkIsDead_TimesOut() => OwnNetwork.Run(Ports, () =>
    {
        Run(LoseEverything);
        NetConnectException? failure = Assert.ThrowsAsync<NetConnectException>(
            () => NetClient.ConnectAsync("tcp://127.0.0.1:7777", o => o.HandshakeTimeout = Deadline).WaitAsync(TestHost.Patience));
        Assert.That((failure!.Status, failure.Message), Is.EqualTo((SocketStatus.TimedOut, "tcp://127.0.0.1:7777 does not answer.")));
    });

    private static void Run(string command)
    {
        using Process process = Process.Start("sh", ["-c", command]);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, command);
    }

    /// <summary>A server and its only client, whose sessions have only the deadlines of the test.</summary>
    private sealed class Link : IDisposable
    {
        private readonly TaskCompletionSource<Session> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<CloseInfo> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly NetServer _server;
        private readonly NetClient _client;

        public Link(Action<SessionOptions> configure, TimeSpan? drain = null)
        {
            _server = TestHost.CreateServer(o =>
            {
                o.TickRate = 0;
                o.LoggerFactory = new RecordingLogger();
                o.DrainTimeout = drain ?? TimeSpan.FromSeconds(5);
                o.ListenTcp("127.0.0.1", 0, l => Set(l, configure));
            });
            _server.OnOpened(_opened.SetResult).OnClosed((_, info) => _closed.SetResult(info));
            _server.Start();
            _client = NetClient.ConnectAsync(_server.Endpoints[0], o => Set(o, configure)).WaitAsync(TestHost.Patience).GetAwaiter().GetResult();
        }

        private Session ServerSession => Await(_opened.Task);

        public CloseInfo ServerEnd() => Await(_closed.Task);

        public CloseInfo ClientEnd() => Await(_client.Closed);

        public void SendFromBoth()
        {
            ServerSession.Send(new Say("lost"));
            _client.Send(new Say("lost"));
        }

        public void CloseServerSession() => ServerSession.Close(CloseReason.Kicked, "out");

        public void AwaitNoServerConnection()
        {
            long deadline = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds;
            while (_server.GetStatistics().Connections > 0)
            {
                Assert.That(Environment.TickCount64, Is.LessThan(deadline), "the connection is still there");
                Thread.Yield();
            }
        }

        public void StopAndCheck() => TestHost.StopAndCheckAsync(_server).WaitAsync(TestHost.Patience).GetAwaiter().GetResult();

        public void Dispose()
        {
            _client.Session.Close();
            _server.DisposeAsync().AsTask().WaitAsync(TestHost.Patience).GetAwaiter().GetResult();
            _client.DisposeAsync().AsTask().WaitAsync(TestHost.Patience).GetAwaiter().GetResult();
        }

        private static void Set(SessionOptions options, Action<SessionOptions> configure)
        {
            options.IdleTimeout = TimeSpan.Zero;
            options.PingInterval = TimeSpan.Zero;
            options.UserTimeout = TimeSpan.FromHours(1);
            options.CloseTimeout = TimeSpan.FromMilliseconds(100);
            configure(options);
        }

        private static T Await<T>(Task<T> task) => task.WaitAsync(TestHost.Patience).GetAwaiter().GetResult();
    }
}
