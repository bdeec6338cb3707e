using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Engine/PROTOCOL.md, section 3: opening a session.</summary>
public sealed class HelloTests : ServerFixture
{
    [Test]
    public void Hello_Version1_IsWelcomed()
    {
        Start(configure: o => o.TickRate = 50);
        using var client = new RawClient(Server);
        client.Send(Wire.Frame(Wire.Request, 99, Wire.Hello, Wire.Array(1, 0, null, null)));
        object?[] body = client.Read();
        object?[] welcome = (object?[])body[3]!;
        Assert.Multiple(() =>
        {
            Assert.That(body[..3], Is.EqualTo(new object?[] { 1L, 99L, null }));
            Assert.That(welcome, Has.Length.EqualTo(5));
            Assert.That(welcome[0], Is.EqualTo(1));
            Assert.That(welcome[1], Is.EqualTo(50));
            Assert.That(welcome[3], Has.Length.EqualTo(16));
            Assert.That(welcome[4], Is.EqualTo(65_536));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Authenticate_ThrowsForManyClients_IsLoggedOnceAndCounted(bool isLater)
    {
        Start(configure: o =>
        {
            o.TimeProvider = Time;
            o.Authenticate = async (_, _) =>
            {
                if (isLater)
                {
                    await Task.Yield();
                }

                throw new InvalidOperationException("broken");
            };
        });
        for (int i = 0; i < 5; i++)
        {
            using var client = new RawClient(Server);
            client.Send(Wire.HelloFrame());
            client.ReadToEnd();
        }

        Assert.That(Log.CountOf(1104), Is.EqualTo(1), "any stranger can make it throw");
        Advance(seconds: 6);
        using var last = new RawClient(Server);
        last.Send(Wire.HelloFrame());
        last.ReadToEnd();
        Assert.That(Log.Lines.Last(line => line.Id == 1104).Text, Does.EndWith("(4 similar messages suppressed)"));
    }

    private static IEnumerable<TestCaseData> NotHello()
    {
        yield return new TestCaseData(Wire.Frame(Wire.Message, 72, Wire.Array("early"))).SetArgDisplayNames("a message");
        yield return new TestCaseData(Wire.Frame(Wire.Request, 1, 71, Wire.Array(1.0, 1.0))).SetArgDisplayNames("a request");
        yield return new TestCaseData(Wire.Frame(Wire.Request, 1, Wire.Ping, Wire.Array(1))).SetArgDisplayNames("Ping");
        yield return new TestCaseData(Wire.Frame(Wire.Response, 1, null, null)).SetArgDisplayNames("a response");
        yield return new TestCaseData(Wire.Frame(Wire.Message, Wire.Hello, Wire.Array(1, 0, null, null))).SetArgDisplayNames("Hello as a message");
        yield return new TestCaseData(Wire.Frame(Wire.Request, 1, Wire.Hello, null)).SetArgDisplayNames("Hello without a payload");
        yield return new TestCaseData(Wire.Frame(Wire.Request, 1, Wire.Hello, Wire.Array(1, "x", null, null))).SetArgDisplayNames("fingerprint as text");
        yield return new TestCaseData(
            Wire.Framed(Wire.Join(Wire.Body(Wire.Request, 1, Wire.Hello, Wire.Array(1, 0, null, null)), [0]))).SetArgDisplayNames("bytes behind Hello");
        yield return new TestCaseData(Wire.Framed(0xC1)).SetArgDisplayNames("0xC1");
        yield return new TestCaseData(Wire.Framed("GET / HTTP/1.1\r\n\r\n"u8.ToArray())).SetArgDisplayNames("HTTP in a frame");
        yield return new TestCaseData(new byte[] { 0, 0, 0, 0 }).SetArgDisplayNames("length 0");
    }

    [TestCaseSource(nameof(NotHello))]
    public void Receive_AnythingElseFirst_IsMalformed(byte[] bytes)
    {
        Start();
        using var client = new RawClient(Server);
        client.SendIgnoringReset(Wire.Join(bytes, Wire.HelloFrame()));
        client.ExpectGoodbye(CloseReason.Malformed);
        Assert.That(ClosedFor(CloseReason.Malformed), Is.EqualTo(1));
        Assert.That(Said, Is.Empty);
    }

    [TestCase(new byte[] { 0, 0, 4, 1 })]
    [TestCase(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [TestCase(new byte[] { (byte)'G', (byte)'E', (byte)'T', (byte)' ' })]
    public void Receive_MoreThan1KiBBeforeHello_IsFrameTooLarge(byte[] header)
    {
        Start();
        using var client = new RawClient(Server);
        client.Send(header);
        client.ExpectGoodbye(CloseReason.FrameTooLarge);
        Assert.That(ClosedFor(CloseReason.FrameTooLarge), Is.EqualTo(1));
    }

    [Test]
    public void Hello_Exactly1KiB_IsWelcomed()
    {
        Start();
        byte[] empty = Wire.HelloFrame([]);
        byte[] hello = Wire.HelloFrame(new byte[1024 + 4 - empty.Length]);
        Assert.That(hello, Has.Length.EqualTo(1028));
        using var client = new RawClient(Server);
        client.Send(hello);
        Assert.That(client.Read()[2], Is.Null);
    }

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(-1)]
    public void Hello_AnotherVersion_GetsError7(int version)
    {
        Start();
        using var client = new RawClient(Server);
        client.Send(Wire.HelloFrame(version: version));
        Assert.That(client.ExpectError(0, ErrorCode.VersionMismatch), Does.Contain("version 1"));
        client.ExpectGoodbye(CloseReason.VersionMismatch);
    }

    [Test]
    public void Hello_AnotherVersionWithOtherFields_GetsError7()
    {
        Start();
        using var client = new RawClient(Server);
        client.Send(Wire.Frame(Wire.Request, 3, Wire.Hello, Wire.Array(9, "what", Wire.Array(), null, true)));
        client.ExpectError(3, ErrorCode.VersionMismatch);
        client.ExpectGoodbye(CloseReason.VersionMismatch);
    }

    [Test]
    public void Hello_AnotherFingerprint_IsRejectedNamingBoth()
    {
        Start(configure: o => o.ContractFingerprint = 0xAAAA_BBBB_CCCC_DDDD);
        using var client = new RawClient(Server);
        client.Send(Wire.HelloFrame(fingerprint: 0x1111_2222_3333_4444));
        string text = client.ExpectError(0, ErrorCode.VersionMismatch);
        Assert.That(text, Does.Contain("aaaabbbbccccdddd").And.Contain("1111222233334444"));
        client.ExpectGoodbye(CloseReason.VersionMismatch);
    }

    [TestCase(0ul, false)]
    [TestCase(0xAAAA_BBBB_CCCC_DDDDul, false)]
    [TestCase(5ul, true)]
    public void Hello_AcceptableFingerprint_IsWelcomed(ulong fingerprint, bool acceptAny)
    {
        Start(configure: o =>
        {
            o.ContractFingerprint = 0xAAAA_BBBB_CCCC_DDDD;
            o.AcceptAnyFingerprint = acceptAny;
        });
        using var client = new RawClient(Server);
        client.Send(Wire.HelloFrame(fingerprint: fingerprint));
        Assert.That(client.Read()[2], Is.Null);
    }

    [Test]
    public void Authenticate_RefusalSyncAsyncOrThrown_IsError5([Values("sync", "async", "throw", "throw async", "null")] string how)
    {
        Start(configure: o => o.Authenticate = async (request, cancellation) =>
        {
            if (how.EndsWith("async", StringComparison.Ordinal))
            {
                await Task.Yield();
            }

            return how switch
            {
                "null" => null!,
                "sync" or "async" => AuthenticationResult.Reject("no " + request.Token.Length),
                _ => throw new InvalidOperationException("secret detail"),
            };
        });
        using var client = new RawClient(Server);
        client.Send(Wire.HelloFrame(token: [1, 2, 3]));
        string text = client.ExpectError(0, ErrorCode.Unauthorized);
        Assert.That(text, how is "sync" or "async" ? Is.EqualTo("no 3") : Does.Not.Contain("secret"));
        client.ExpectGoodbye(CloseReason.Unauthorized);
        Assert.That(Server.GetStatistics().Sessions, Is.Zero);
    }

    [Test]
    public void Authenticate_RefusalLongerThanAFrame_StillSaysError5()
    {
        Start(configure: o => o.Authenticate = (request, cancellation) => ValueTask.FromResult(AuthenticationResult.Reject(new string('x', 5000))));
        using var client = new RawClient(Server);
        client.Send(Wire.HelloFrame());
        client.ExpectError(0, ErrorCode.Unauthorized);
        client.ExpectGoodbye(CloseReason.Unauthorized);
    }

    [TestCase(HandlerMode.Loop)]
    [TestCase(HandlerMode.Dedicated)]
    public void Authenticate_Later_WelcomesOnTheLoopAndThenReadsWhatCameEarly(HandlerMode mode)
    {
        var answer = new TaskCompletionSource<AuthenticationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(configure: o =>
        {
            o.HandlerMode = mode;
            o.Authenticate = async (request, cancellation) => await answer.Task;
        });
        using var client = new RawClient(Server);
        client.Send(Wire.Join(Wire.HelloFrame(), Wire.Frame(Wire.Message, 72, Wire.Array("early"))));
        WaitUntil(() => Server.Core.Counters.ReadPauses > 0, "what came early is not held");
        Assert.That(Said, Is.Empty);
        answer.SetResult(AuthenticationResult.Accept("bob"));
        Assert.That(client.Read()[2], Is.Null);
        Assert.That(NextOpened().UserData, Is.EqualTo("bob"));
        client.Sync();
        WaitUntil(() => !Said.IsEmpty, "what came early is lost");
    }

    [Test]
    public void Authenticate_Later_HoldsLittleOfWhatComesEarly()
    {
        var answer = new TaskCompletionSource<AuthenticationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(configure: o => o.Authenticate = async (request, cancellation) => await answer.Task);
        const int Early = 600;
        byte[] early = Wire.Frame(Wire.Message, 72, Wire.Array(new string('x', 80)));
        using var client = new RawClient(Server);
        client.Send([.. Wire.HelloFrame(), .. Enumerable.Repeat(early, Early).SelectMany(frame => frame)]);
        WaitUntil(() => Server.Core.Counters.ReadPauses > 0, "what came early is not held");

        // A thousand such connections hold less than their common budget.
        Assert.That(OnLoop(() => Server.Opening.HeldBytes), Is.InRange(1, 4096));
        answer.SetResult(AuthenticationResult.Accept("bob"));
        Assert.That(client.Read()[2], Is.Null);
        client.Sync();
        WaitUntil(() => Said.Count == Early, "what came early is lost");
    }

    [Test]
    public void Authenticate_Never_EndsAtTheHandshakeTimeoutAndIsCancelled()
    {
        var cancelled = new TaskCompletionSource();
        Start(configure: o =>
        {
            o.TimeProvider = Time;
            o.Authenticate = async (request, cancellation) =>
            {
                cancellation.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancellation);
                return AuthenticationResult.Accept();
            };
        });
        using var client = new RawClient(Server);
        client.Send(Wire.HelloFrame());
        WaitUntil(() => Server.Opening.Count == 1 && Server.GetStatistics().BodiesIn == 1, "no Hello");
        Advance(4.9);
        Assert.That(ClosedFor(CloseReason.HandshakeTimeout), Is.Zero);
        Advance(0.2);
        client.ExpectGoodbye(CloseReason.HandshakeTimeout);
        Assert.That(cancelled.Task.Wait(TestHost.Patience), Is.True);
    }

    [Test]
    public void Receive_AnyBodyFirstWithoutHello_IsHandled()
    {
        Start(listen => listen.Hello = HelloMode.None);
        using var client = new RawClient(Server);
        client.Send(Wire.Frame(Wire.Message, 72, Wire.Array("at once")));
        client.Sync();
        Assert.That(Said, Is.EqualTo(new[] { "at once" }));
    }

    [Test]
    public void Receive_OneMiBBehindHelloInOneWrite_IsHandled()
    {
        Start();
        byte[] say = Wire.Frame(Wire.Message, 72, Wire.Array(new string('x', 60_000)));
        using var client = new RawClient(Server);
        client.Send(Wire.Join(Wire.HelloFrame(), say, say, say, say));
        Assert.That(client.Read()[2], Is.Null);
        client.Sync();
        Assert.That(Said, Has.Count.EqualTo(4));
    }

    [Test]
    public void Authenticate_ClientGoneMeanwhile_OpensNothing([Values] bool accepted)
    {
        var answer = new TaskCompletionSource<AuthenticationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(configure: o => o.Authenticate = async (request, cancellation) => await answer.Task);
        using (var client = new RawClient(Server))
        {
            client.Send(Wire.HelloFrame());
            WaitUntil(() => Server.GetStatistics().BodiesIn == 1, "no Hello");
        }

        WaitUntil(() => Server.GetStatistics().Connections == 0, "the connection stays");
        answer.SetResult(accepted ? AuthenticationResult.Accept("bob") : AuthenticationResult.Reject("no"));
        using var next = new RawClient(Server);
        next.Send(Wire.HelloFrame());
        Assert.That(next.Read()[2], accepted ? Is.Null : Is.Not.Null, "the answer to somebody else");
        Assert.That(Server.GetStatistics().Sessions, Is.EqualTo(accepted ? 1 : 0));
        Assert.That(OnLoop(() => Server.Opening.Count), Is.Zero);
    }

    [Test]
    public void Authenticate_WhatItRegisteredThrows_IsLoggedAndOthersComeIn()
    {
        bool isFirst = true;
        Start(configure: o => o.Authenticate = async (request, cancellation) =>
        {
            if (isFirst)
            {
                isFirst = false;
                cancellation.Register(static () => throw new InvalidOperationException("broken"));
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }

            return AuthenticationResult.Accept();
        });
        using (var client = new RawClient(Server))
        {
            client.Send(Wire.HelloFrame());
            WaitUntil(() => Server.GetStatistics().BodiesIn == 1, "no Hello");
        }

        WaitUntil(() => Log.CountOf(1104) == 1, "not logged");
        using RawClient next = RawClient.Open(Server);
        next.Sync();
    }

    [Test]
    public void Hello_EachSession_HasANumberAndATokenOfItsOwn()
    {
        Start();
        var numbers = new HashSet<long>();
        var tokens = new HashSet<string>();
        for (int i = 0; i < 10; i++)
        {
            using var client = new RawClient(Server);
            client.Send(Wire.HelloFrame());
            object?[] welcome = (object?[])client.Read()[3]!;
            Assert.That(numbers.Add((long)welcome[0]!), Is.True);
            Assert.That(tokens.Add(Convert.ToHexString((byte[])welcome[3]!)), Is.True);
        }
    }

    [Test]
    public void Receive_ManyHellosAtOnce_OpenOneSessionEach()
    {
        Start();
        RawClient[] clients = [.. Enumerable.Range(0, 20).Select(_ => new RawClient(Server))];
        WaitUntil(() => Server.Opening.Count == clients.Length, "not accepted");
        foreach (RawClient client in clients)
        {
            client.Send(Wire.HelloFrame());
        }

        Assert.That(clients.Select(client => (long)((object?[])client.Read()[3]!)[0]!), Is.Unique);
        Assert.That(OnLoop(() => Server.Opening.Count), Is.Zero);
        Assert.That(Server.GetStatistics().Sessions, Is.EqualTo(clients.Length));
        Array.ForEach(clients, client => client.Dispose());
    }
}
