using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NetLoop.Tests.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>The message for each cause when a server or client cannot start.</summary>
[Parallelizable]
public sealed class ExceptionTextTests
{
    [TestCase(SocketStatus.AddressInUse, "port 7 is in use; stop the process that holds it, or choose another.")]
    [TestCase(SocketStatus.AccessDenied, "port 7 may not be used by this user; choose a port above 1023, or a folder you may write to.")]
    [TestCase(SocketStatus.AddressNotAvailable, "192.0.2.7:7 is not an address of this machine; use 127.0.0.1 or 0.0.0.0.")]
    [TestCase(SocketStatus.NotFound, "the folder of port 7 does not exist; create it first.")]
    [TestCase(SocketStatus.NoBuffers, "cannot listen on 192.0.2.7:7: NoBuffers.")]
    public void NetListenException_EachStatus_SaysWhatToDo(SocketStatus status, string text)
    {
        NetEndpoint endpoint = NetEndpoint.Tcp("192.0.2.7", 7);
        NetListenException exception = NetListenException.For(new FakeTransport(), endpoint, status);
        Assert.That((exception.Message, exception.Status, exception.Endpoint), Is.EqualTo((text, status, endpoint)));
    }

    [TestCase(SocketStatus.AddressInUse, "/tmp/game exists and is in use, is not a socket, or may not be replaced by this user; choose another path.")]
    [TestCase(SocketStatus.NotFound, "the folder of /tmp/game does not exist; create it first.")]
    public void NetListenException_OfAPath_NamesIt(SocketStatus status, string text) =>
        Assert.That(NetListenException.For(new FakeTransport(), NetEndpoint.Unix("/tmp/game"), status).Message, Is.EqualTo(text));

    [TestCase(SocketStatus.Ok, "tcp://192.0.2.7:7 rejected the session: Kicked: out.")]
    [TestCase(SocketStatus.ConnectionRefused, "nobody listens on tcp://192.0.2.7:7; start the server first.")]
    [TestCase(SocketStatus.NotFound, "the socket tcp://192.0.2.7:7 does not exist; start the server first.")]
    [TestCase(SocketStatus.TimedOut, "tcp://192.0.2.7:7 does not answer.")]
    [TestCase(SocketStatus.TooManyFiles, "this process has no free descriptor; raise its limit of open files or connect fewer clients.")]
    [TestCase(SocketStatus.Unreachable, "cannot connect to tcp://192.0.2.7:7: Unreachable.")]
    public void NetConnectException_EachStatus_SaysWhatToDo(SocketStatus status, string text)
    {
        NetEndpoint endpoint = NetEndpoint.Tcp("192.0.2.7", 7);
        NetConnectException exception = NetConnectException.For(endpoint, status, new CloseInfo(CloseReason.Kicked, "out", ByPeer: true));
        Assert.That((exception.Message, exception.Status, exception.Reason, exception.Endpoint), Is.EqualTo((text, status, CloseReason.Kicked, endpoint)));
    }

    [TestCase(SocketStatus.Ok, "tcp://192.0.2.7:7 rejected the session: Malformed: A frame is malformed.")]
    [TestCase(SocketStatus.ProtocolError, "cannot connect to tcp://192.0.2.7:7: A frame is malformed.")]
    public void NetConnectException_TextIsASentence_HasOneFullStop(SocketStatus status, string text)
    {
        var info = new CloseInfo(CloseReason.Malformed, "A frame is malformed.", ByPeer: true);
        Assert.That(NetConnectException.For(NetEndpoint.Tcp("192.0.2.7", 7), status, info).Message, Is.EqualTo(text));
    }

    [TestCase(10 + 64 + 32 + 1, 10, 1)]
    [TestCase(10 + 64 + 32 + 50, 10, 50)]
    [TestCase(64 + 32 + 5_000, 0, 100)]
    public void Create_DescriptorsForSome_ServesAsMany(int maxSockets, int open, int connections)
    {
        NetServer server = Create(maxSockets, open);
        Assert.That(server.MaxConnections, Is.EqualTo(connections));
        server.DisposeAsync().AsTask().Wait(TestHost.Patience);
    }

    [Test]
    public void Create_NoDescriptorForOne_SaysHowManyItNeeds()
    {
        InsufficientDescriptorsException exception = Assert.Throws<InsufficientDescriptorsException>(() => Create(maxSockets: 106, open: 10))!;
        Assert.That((exception.Limit, exception.Needed), Is.EqualTo((106, 107)));
        Assert.That(
            exception.Message,
            Is.EqualTo("this process may open 106 files and needs 107 to serve one connection; raise its limit of open files (ulimit -n 1024)."));
    }

    [Test]
    public void Open_PollerCannotWatchTheListener_SaysSoAndClosesIt()
    {
        var stack = new FakeTransport { PollerStatus = SocketStatus.NoBuffers };
        NetServer server = NetServer.Create(o =>
        {
            o.Stack = stack;
            o.ListenTcp("127.0.0.1", 7);
        });
        NetListenException exception = Assert.Throws<NetListenException>(server.Open)!;
        Assert.That((exception.Status, stack.Closed.Count, server.Endpoints.Count), Is.EqualTo((SocketStatus.NoBuffers, 1, 0)));
        server.DisposeAsync().AsTask().Wait(TestHost.Patience);
    }

    [Test]
    public async Task Start_WithoutListeners_IsLogged()
    {
        var logs = new CollectingLoggerFactory();
        await using (NetServer server = NetServer.Create(o => o.LoggerFactory = logs))
        {
            server.Start();
        }

        Assert.That(logs.Lines.Where(line => line.Id == 1025).Select(line => line.Level), Is.EqualTo(new[] { LogLevel.Warning }));
    }

    [Test]
    public async Task ConnectAsync_WrongSchemeForThePort_SaysWhatTheServerSpeaks()
    {
        await using NetServer server = NetServer.Create(o => o.ListenWebSocket("127.0.0.1", 0));
        server.Start();
        int port = server.Endpoints[0].Port;
        NetConnectException failure = Assert.ThrowsAsync<NetConnectException>(
            () => NetClient.ConnectAsync($"tcp://127.0.0.1:{port}").WaitAsync(TestHost.Patience))!;
        Assert.That(failure.Message, Is.EqualTo(
            $"tcp://127.0.0.1:{port} rejected the session: FrameTooLarge: The server answered in HTTP; connect with ws:// or wss://."));
    }

    [Test]
    public async Task Listener_ClientSpeaksHttp_SaysThatItNeedsAnotherListener()
    {
        var closed = new TaskCompletionSource<CloseInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using NetServer server = NetServer.Create(o => o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None));
        server.OnClosed((_, info) => closed.TrySetResult(info));
        server.Start();
        using var browser = new TcpClient("127.0.0.1", server.Endpoints[0].Port);
        await browser.GetStream().WriteAsync("GET / HTTP/1.1\r\n"u8.ToArray());
        CloseInfo info = await closed.Task.WaitAsync(TestHost.Patience);
        Assert.That(info.ToString(), Is.EqualTo("FrameTooLarge: The client speaks HTTP; WebSocket needs a listener of its own (ListenWebSocket)."));
    }

    private static NetServer Create(int maxSockets, int open) => NetServer.Create(o =>
    {
        o.Stack = new FakeTransport { MaxSockets = maxSockets, OpenDescriptors = open };
        o.MaxConnections = 100;
    });
}
