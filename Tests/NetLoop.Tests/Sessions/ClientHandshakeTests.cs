using System.Net;
using System.Net.Sockets;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Engine/PROTOCOL.md, section 3, from the client's side: the test plays the server, byte by byte.</summary>
public sealed class ClientHandshakeTests
{
    private TcpListener _listener = null!;
    private Task<NetClient>? _connecting;

    [SetUp]
    public void Listen()
    {
        _connecting = null;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
    }

    [TearDown]
    public async Task EndClient()
    {
        _listener.Dispose();
        if (_connecting is { IsCompletedSuccessfully: true } connected)
        {
            await connected.Result.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
        }
    }

    [Test]
    public void Connect_NothingSet_SaysHelloWithTheVersionAlone()
    {
        using RawClient server = Dial();
        object?[] hello = server.Read();
        Assert.That(hello[..3], Is.EqualTo(new object?[] { (long)Wire.Request, 0L, (long)Wire.Hello }));
        Assert.That(hello[3], Is.EqualTo(new object?[] { 1L, 0L, null, null }));
        server.Send(Welcome());
        Assert.That(Client().Session.Status, Is.EqualTo(SessionStatus.Open));
    }

    [Test]
    public void Connect_TokensAndFingerprint_AreInHello()
    {
        using RawClient server = Dial(o =>
        {
            o.ContractFingerprint = 0x1122_3344_5566_7788;
            o.Token = new byte[] { 1, 2, 3 };
            o.ResumeToken = new byte[] { 4, 5 };
        });
        object?[] hello = (object?[])server.Read()[3]!;
        Assert.That(hello, Is.EqualTo(new object?[] { 1L, 0x1122_3344_5566_7788, new byte[] { 1, 2, 3 }, new byte[] { 4, 5 } }));
        server.Send(Welcome());
        Client();
    }

    [Test]
    public void Connect_Welcomed_HasTheNumberAndTheTokenOfTheServer()
    {
        using RawClient server = Dial(o => o.UserData = "mine");
        server.Read();
        server.Send(Welcome(id: 0xFEDC_BA98_7654_3210, token: [9, 8, 7]));
        Session session = Client().Session;
        Assert.That(session.Id, Is.EqualTo(0xFEDC_BA98_7654_3210));
        Assert.That(session.ResumeToken.ToArray(), Is.EqualTo(new byte[] { 9, 8, 7 }));
        Assert.That(session.UserData, Is.EqualTo("mine"));
    }

    [Test]
    public void Connect_WelcomeWithMessagesBehindIt_HandlesThemInOrder()
    {
        var said = new System.Collections.Concurrent.BlockingCollection<string>();
        using RawClient server = Dial(o => o.Handlers = new HandlerTable().On<Say>((session, in say) => said.Add(say.Text)));
        server.Read();
        server.Send(Wire.Join(Welcome(), Wire.Frame(Wire.Message, 72, Wire.Array("first")), Wire.Frame(Wire.Message, 72, Wire.Array("second"))));
        Client();
        Assert.That(said.TryTake(out string? first, TestHost.Patience) ? first : null, Is.EqualTo("first"));
        Assert.That(said.TryTake(out string? second, TestHost.Patience) ? second : null, Is.EqualTo("second"));
    }

    [Test]
    public void Connect_AnswerCutAnywhere_Opens()
    {
        using RawClient server = Dial();
        server.Read();
        foreach (byte part in Welcome())
        {
            server.Send(part);
        }

        Assert.That(Client().Session.Id, Is.EqualTo(77));
    }

    [TestCase(200, 200)]
    [TestCase(1_000_000, 1_000)]
    public void Send_AfterWelcome_IsHeldToTheShorterOfBothLimits(int serversLimit, int limit)
    {
        using RawClient server = Dial(o => o.MaxBodyBytes = 1_000);
        server.Read();
        server.Send(Welcome(maxBodyBytes: serversLimit));
        NetClient client = Client();
        int overhead = Wire.Body(Wire.Message, 72, Wire.Array("")).Length; // Its text has a header of three bytes, as those here may have.
        string longest = new('x', limit - overhead);
        Assert.That(client.Send(new Say(longest + "xxx")), Is.EqualTo(SendStatus.TooLarge));
        Assert.That(client.Send(new Say(longest)), Is.EqualTo(SendStatus.Sent));
        Assert.That(((object?[])server.Read()[2]!)[0], Is.EqualTo(longest), "and nothing of the one that was too long");
    }

    [TestCase(ErrorCode.UnknownMessage, CloseReason.VersionMismatch)]
    [TestCase(ErrorCode.MalformedPayload, CloseReason.VersionMismatch)]
    [TestCase(ErrorCode.HandlerFailed, CloseReason.HandlerFault)]
    [TestCase(ErrorCode.Overloaded, CloseReason.ServerFull)]
    [TestCase(ErrorCode.Unauthorized, CloseReason.Unauthorized)]
    [TestCase(ErrorCode.TimedOut, CloseReason.Kicked)]
    [TestCase(ErrorCode.VersionMismatch, CloseReason.VersionMismatch)]
    [TestCase(ErrorCode.TooLarge, CloseReason.Kicked)]
    [TestCase(ErrorCode.ServerStopping, CloseReason.ServerStopping)]
    [TestCase(1000, CloseReason.Kicked)]
    [TestCase(-1, CloseReason.Kicked)]
    public void Connect_HelloIsAnsweredWithAnError_SaysItsReason(int code, CloseReason reason)
    {
        using RawClient server = Dial();
        server.Read();
        server.Send(Wire.Frame(Wire.Response, 0, Wire.Array(code, "not today"), null));
        Assert.That(server.TryRead(), Is.Null, "the server has said it: no Goodbye");
        NetConnectException refused = Refused(server);
        Assert.That((refused.Reason, refused.Status), Is.EqualTo((reason, SocketStatus.Ok)));
        Assert.That(refused.Message, Does.Contain("not today"));
    }

    [Test]
    public void Connect_Goodbye_SaysItsReason()
    {
        using RawClient server = Dial();
        server.Read();
        server.Send(Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array((int)CloseReason.ServerFull, "full house")));
        server.ReadUntilCut();
        NetConnectException refused = Refused(server);
        Assert.That((refused.Reason, refused.Status), Is.EqualTo((CloseReason.ServerFull, SocketStatus.Ok)));
        Assert.That(refused.Message, Does.Contain("full house"));
    }

    private static IEnumerable<TestCaseData> NoAnswers()
    {
        yield return new TestCaseData(Wire.Frame(Wire.Message, 72, Wire.Array("early"))).SetArgDisplayNames("a message");
        yield return new TestCaseData(Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array("x"))).SetArgDisplayNames("half a Goodbye");
        yield return new TestCaseData(Wire.Frame(Wire.Request, 0, Wire.Ping, Wire.Array(1))).SetArgDisplayNames("a request");
        yield return new TestCaseData(
            Wire.Frame(Wire.Response, 1, null, Wire.Array(77, 60, 5, null, 65_536))).SetArgDisplayNames("the answer to something else");
        yield return new TestCaseData(Wire.Frame(Wire.Response, 0, null, null)).SetArgDisplayNames("no Welcome");
        yield return new TestCaseData(Wire.Frame(Wire.Response, 0, null, Wire.Array("x", 60, 5, null, 65_536))).SetArgDisplayNames("a number that is none");
        yield return new TestCaseData(Wire.Frame(Wire.Response, 0, null, Wire.Array(77, 60, 5, null, 0))).SetArgDisplayNames("frames of no bytes");
        yield return new TestCaseData(Wire.Frame(Wire.Response, 0, null, Wire.Array(77, 60, 5, null, -1))).SetArgDisplayNames("frames of less than no bytes");
        yield return new TestCaseData(
            Wire.Framed(Wire.Join(Wire.Body(Wire.Response, 0, null, Wire.Array(77, 60, 5, null, 65_536)), [0]))).SetArgDisplayNames("bytes behind it");
        yield return new TestCaseData(Wire.Frame(Wire.Response, 0, Wire.Array(1), null)).SetArgDisplayNames("an error without a text");
        yield return new TestCaseData(Wire.Frame(Wire.Response, 0, Wire.Array(1, "x", 2), null)).SetArgDisplayNames("an error with something else");
        yield return new TestCaseData(Wire.Frame(Wire.Response, 0, Wire.Array(1, "x"), 5)).SetArgDisplayNames("an error and a result");
        yield return new TestCaseData(Wire.Framed(0xC1)).SetArgDisplayNames("0xC1");
    }

    [TestCaseSource(nameof(NoAnswers))]
    public void Connect_SomethingElseThanTheAnswer_IsMalformed(byte[] answer)
    {
        using RawClient server = Dial();
        server.Read();
        server.SendIgnoringReset(Wire.Join(answer, Welcome()));
        server.ExpectGoodbye(CloseReason.Malformed);
        Assert.That(Refused(server).Reason, Is.EqualTo(CloseReason.Malformed));
    }

    [Test]
    public void Connect_StreamEndsBeforeTheAnswer_SaysSo([Values] bool insideAFrame)
    {
        using RawClient server = Dial();
        server.Read();
        server.Send(insideAFrame ? Welcome()[..9] : []);
        server.HalfClose();
        server.ReadUntilCut();
        NetConnectException refused = Refused(server);
        Assert.That(refused.Reason, Is.EqualTo(insideAFrame ? CloseReason.Truncated : CloseReason.Disconnected));
    }

    [Test]
    public void Connect_ServerResets_SaysWhatTheSystemSaid()
    {
        using RawClient server = Dial();
        server.Read();
        server.Reset();
        Assert.That(Refused(server).Reason, Is.EqualTo(CloseReason.TransportError));
    }

    [Test]
    public void Connect_NoAnswer_EndsAtTheHandshakeTimeout()
    {
        var time = new ManualTimeProvider();
        EventLoop loop = EventLoop.Start(o => o.TimeProvider = time);
        using RawClient server = Dial(o =>
        {
            o.Loop = loop;
            o.HandshakeTimeout = TimeSpan.FromSeconds(3);
        });
        server.Read();
        for (int second = 1; second <= 3; second++)
        {
            Pass(loop);
            Assert.That(_connecting!.IsCompleted, Is.False, $"{second}");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Pass(loop);
        server.ExpectGoodbye(CloseReason.HandshakeTimeout);
        Assert.That(Refused(server).Reason, Is.EqualTo(CloseReason.HandshakeTimeout));
        Assert.That(loop.DisposeAsync().AsTask().Wait(TestHost.Patience), Is.True);
    }

    private static byte[] Welcome(ulong id = 77, byte[]? token = null, int maxBodyBytes = 65_536) =>
        Wire.Frame(Wire.Response, 0, null, Wire.Array(id, 60, 5, token, maxBodyBytes));

    // The loop goes round: the time that has passed is seen, and what is due has fired.
    private static void Pass(EventLoop loop)
    {
        for (int i = 0; i < 3; i++)
        {
            using var seen = new ManualResetEventSlim();
            Assert.That(loop.Post(seen.Set), Is.True);
            Assert.That(seen.Wait(TestHost.Patience), Is.True);
        }
    }

    private RawClient Dial(Action<NetClientOptions>? configure = null)
    {
        int port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _connecting = NetClient.ConnectAsync(NetEndpoint.Tcp("127.0.0.1", port), o =>
        {
            o.LoopOptions.BufferDiagnostics = true;
            configure?.Invoke(o);
        });
        Task<Socket> accepting = _listener.AcceptSocketAsync();
        Assert.That(accepting.Wait(TestHost.Patience), Is.True);
        return new RawClient(accepting.Result);
    }

    private NetClient Client()
    {
        Assert.That(_connecting!.Wait(TestHost.Patience), Is.True);
        return _connecting.Result;
    }

    // Closed on this side first: the client would wait for that.
    private NetConnectException Refused(RawClient server)
    {
        server.Dispose();
        return Assert.ThrowsAsync<NetConnectException>(() => _connecting!.WaitAsync(TestHost.Patience))!;
    }
}
