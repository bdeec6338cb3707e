using NetLoop.Buffers;
using NetLoop.Messaging;
using NetLoop.Sessions.Groups;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Bodies that arrive at the wrong time or are invalid, and bodies for which there is no memory.</summary>
public sealed class SessionRoutingTests
{
    private const uint PingId = uint.MaxValue;

    private static readonly byte[] SayFrame = Wire.Frame(Wire.Message, 72, Wire.Array("x"));
    private static readonly byte[] AskFrame = Wire.Frame(Wire.Request, 9, 71, Wire.Array(1.0, 2.0));

    [Test]
    public void Receive_TheStopHasBegun_HandlesNothingNewAndAnswersPings()
    {
        int handled = 0;
        using var bench = new SessionBench();
        bench.Handlers.On<Say>((_, in _) => handled++);
        bench.Handlers.OnRequest<Divide, Quotient>((_, in _) => new Quotient(++handled));
        Session session = bench.Open();
        Task<Quotient> asked = session.RequestAsync(new Divide(1, 2));
        bench.SendAll();
        uint id = (uint)(long)LastBody(bench)[1]!;
        bench.Core.Services.IsStopping = true;
        long before = bench.Counters.BodiesOut;
        bench.Receive(session, SayFrame, AskFrame, Wire.Frame(Wire.Request, 5, Wire.Ping, Wire.Array(1)));
        bench.Run();
        Assert.That((handled, bench.Counters.BodiesOut - before, session.Status), Is.EqualTo((0, 1L, SessionStatus.Open)));
        bench.SendAll();
        Assert.That(LastBody(bench)[..3], Is.EqualTo(new object?[] { 1L, 5L, null }));
        bench.Receive(session, Wire.Frame(Wire.Response, id, null, Wire.Array(0.5)));
        bench.Run();
        Assert.That(asked.Result.Value, Is.EqualTo(0.5), "handlers may be waiting for it");
        bench.Core.Services.IsStopping = false;
    }

    [Test]
    public void Receive_ErrorThatIsNone_IsMalformed([Values] bool isPong, [Values(0, 1, 2)] int kind)
    {
        using var bench = new SessionBench(listen => listen.PingInterval = TimeSpan.FromSeconds(1));
        Session session = bench.Open();
        Task<Quotient> asked = session.RequestAsync(new Divide(1, 2));
        bench.SendAll();
        uint id = isPong ? PingId : (uint)(long)LastBody(bench)[1]!;
        object?[] error = kind == 0 ? Wire.Array(1) : kind == 1 ? Wire.Array("1", "text") : Wire.Array(1, "text", 3);
        bench.Receive(session, Wire.Frame(Wire.Response, id, error, null));
        bench.Run();
        bench.Run();
        Assert.That(bench.Ended.Single().Info.Reason, Is.EqualTo(CloseReason.Malformed));
        Assert.That(asked.IsFaulted, Is.True);
    }

    [Test]
    public void Receive_LateResponse_IsCountedAndABadOneEndsTheSession()
    {
        using var bench = new SessionBench();
        Session session = bench.Open();
        bench.Receive(session, Wire.Frame(Wire.Response, 77, null, Wire.Array(0.5)), Wire.Frame(Wire.Response, 78, Wire.Array(1, "no"), null));
        Assert.That((bench.Counters.LateResponses, session.Status), Is.EqualTo((2L, SessionStatus.Open)));
        byte[] body = [.. Wire.Body(Wire.Response, 79, null, 1), 0xC0];
        bench.Receive(session, Wire.Framed(body));
        bench.Run();
        bench.Run();
        Assert.That((bench.Counters.LateResponses, bench.Ended.Single().Info.Reason), Is.EqualTo((3L, CloseReason.Malformed)));
    }

    [Test]
    public void Idle_PeerHasReset_EndsForThat()
    {
        using var bench = new SessionBench(listen => listen.IdleTimeout = TimeSpan.FromSeconds(2));
        bench.Open();
        bench.Stack.Receives.Enqueue(new SocketResult(SocketStatus.ConnectionReset, 0));
        bench.Advance(2_000_000_000);
        Assert.That(bench.Ended.Single().Info, Is.EqualTo(new CloseInfo(CloseReason.TransportError, "ConnectionReset", ByPeer: true)));
        Assert.That(bench.Core.Transport.Timers.Count, Is.Zero);
        bench.Run();
    }

    [TestCase(100, 100_000, SendStatus.Sent)]
    [TestCase(20_000, 100_000, SendStatus.Sent)]
    [TestCase(20_000, 20_000, SendStatus.Sent)]
    [TestCase(20_001, 20_000, SendStatus.TooLarge)]
    public void SendBody_ThatCannotBeWrittenAgain_IsSentWholeOrNotAtAll(int bytes, int maxBodyBytes, SendStatus expected)
    {
        using var bench = new SessionBench(listen =>
        {
            listen.MaxBodyBytes = maxBodyBytes;
            listen.MaxSendQueueBytes = 1 << 20;
        });
        Session session = bench.Open();
        byte[] payload = new byte[bytes];
        new Random(1).NextBytes(payload);
        for (int round = 1; round <= 2; round++)
        {
            var body = new UnrepeatableBody(payload);
            Assert.That(session.SendBody(in body), Is.EqualTo(expected));
            Assert.That(bench.Counters.SendsRejected, Is.EqualTo(expected == SendStatus.Sent ? 0 : round));
        }

        bench.Stack.Sent!.Clear();
        bench.SendAll();
        Assert.That(bench.Stack.Sent, Has.Count.EqualTo(expected == SendStatus.Sent ? 2 * (4 + bytes) : 0));
        if (expected == SendStatus.Sent)
        {
            Assert.That(bench.Stack.Sent.Skip(4).Take(bytes), Is.EqualTo(payload));
        }
    }

    [TestCase(2, SendStatus.Sent)]
    [TestCase(1, SendStatus.Overflow)]
    public void SendBody_PoolIsExhaustedWhileItGrows_EvictsThoseWhoHoldMost(int holders, SendStatus expected)
    {
        using var bench = new SessionBench(loop: o => o.MaxBufferBytes = 1 << 20);
        Session session = bench.Open();
        Session[] others = [.. Enumerable.Range(0, holders).Select(_ => bench.Open())];
        Array.ForEach(others, other => Assert.That(other.SendRaw(new byte[10_000]), Is.EqualTo(SendStatus.Sent)));
        List<Lease> leases = [];
        foreach (int small in new[] { 256, 1_024 })
        {
            Assert.That(bench.Core.Pool.TryRent(small, "test", out Lease kept), Is.True, "small blocks remain");
            leases.Add(kept);
        }

        foreach (int bytes in new[] { 256 * 1024, 64 * 1024, 16 * 1024 })
        {
            while (bench.Core.Pool.TryRent(bytes, "test", out Lease taken))
            {
                leases.Add(taken);
            }
        }

        Assert.That(session.SendRaw(new byte[10_000]), Is.EqualTo(expected));
        Assert.That(session.QueuedBytes, expected == SendStatus.Sent ? Is.EqualTo(10_004) : Is.LessThan(100), "all of it, or a Goodbye");
        Assert.That(
            bench.Ended.Where(end => others.Contains(end.Session)).Select(end => end.Info.Reason), Is.EqualTo(others.Select(_ => CloseReason.SlowConsumer)));
        Assert.That(session.Status, Is.EqualTo(expected == SendStatus.Sent ? SessionStatus.Open : SessionStatus.Closed));
        leases.ForEach(one => one.Return());
    }

    [Test]
    public void OnCommand_OfNoKind_IsABug()
    {
        using var bench = new SessionBench();
        Session session = bench.Open();
        ICommandTarget[] targets = [session, new GroupPart(new SessionGroup([bench.Core.Services], 1_000), bench.Core.Services)];
        foreach (ICommandTarget target in targets)
        {
            Assert.That(() => target.OnCommand(new LoopCommand(target, Kind: 99)), Throws.TypeOf<InvariantViolationException>());
        }
    }

    [Test]
    public void Broadcast_LoopHasEnded_IsClosedAndGivesTheMemoryBack([Values] bool isShared)
    {
        using var bench = new SessionBench();
        Session session = bench.Open();
        var group = new SessionGroup(isShared ? [bench.Core.Services, bench.Core.Services] : [bench.Core.Services], 1_000);
        bench.Core.CommandQueue.Complete();
        SendStatus status = SendStatus.Sent;
        var elsewhere = new Thread(() => status = group.Broadcast(new Say("x")));
        elsewhere.Start();
        elsewhere.Join();
        Assert.That(status, Is.EqualTo(SendStatus.Closed));
        Assert.That(session.QueuedBytes, Is.Zero);
        Assert.That(bench.Core.Pool.OutstandingOwners(), Is.Empty);
    }

    [Test]
    public void Abort_SessionWithoutConnection_Ends()
    {
        using var bench = new SessionBench();
        Session session = bench.NewSession();
        session.Abort(CloseReason.ServerStopping);
        session.Abort(CloseReason.ServerStopping);
        Assert.That(bench.Ended.Single().Info.Reason, Is.EqualTo(CloseReason.ServerStopping));
    }

    [Test]
    public void Authenticate_ThrowsAtOnce_RefusesAndIsSaidOnceIn5Seconds()
    {
        using var bench = new SessionBench(authenticate: (_, _) => throw new InvalidOperationException("thrown by a test"));
        for (int i = 0; i < 3; i++)
        {
            bench.Receive(bench.Accept(), Wire.HelloFrame());
        }

        Assert.That(
            bench.Ended.Select(end => (end.Info.Reason, end.Info.Text)),
            Is.EqualTo(Enumerable.Repeat((CloseReason.Unauthorized, "The authenticator failed."), 3)));
        Assert.That(bench.Counters.SessionsOpened, Is.Zero);
        bench.SendAll();
        object?[] refusal = Bodies(bench)[0];
        Assert.That(refusal[..2], Is.EqualTo(new object?[] { 1L, 0L }));
        Assert.That(refusal[2], Is.EqualTo(new object?[] { (long)ErrorCode.Unauthorized, "The authenticator failed." }));
    }

    [Test]
    public void Authenticate_AnswersLaterAndTheSessionIsGone_OpensNothingAndWasCancelled()
    {
        var answer = new TaskCompletionSource<AuthenticationResult>();
        CancellationToken asked = default;
        using var bench = new SessionBench(authenticate: (_, cancellation) =>
        {
            asked = cancellation;
            return new ValueTask<AuthenticationResult>(answer.Task);
        });
        Session session = bench.Accept();
        bench.Receive(session, Wire.HelloFrame(), SayFrame);
        Assert.That(
            (session.Status, asked.IsCancellationRequested, bench.ConnectionOf(session).IsReadPaused), Is.EqualTo((SessionStatus.Opening, false, true)));
        bench.ConnectionOf(session).Abort(CloseReason.TransportError);
        Assert.That(asked.IsCancellationRequested, Is.True);
        answer.SetResult(AuthenticationResult.Accept());
        bench.Run();
        Assert.That((session.Status, bench.Counters.SessionsOpened), Is.EqualTo((SessionStatus.Closed, 0L)));
    }

    [Test]
    public void Authenticate_AnswersLater_OpensAndHandlesWhatCameEarly()
    {
        List<string> said = [];
        var answer = new TaskCompletionSource<AuthenticationResult>();
        byte[]? token = null;
        using var bench = new SessionBench(authenticate: (request, _) =>
        {
            token = request.Token.ToArray();
            return new ValueTask<AuthenticationResult>(answer.Task);
        });
        bench.Handlers.On<Say>((_, in say) => said.Add(say.Text));
        Session session = bench.Accept();
        bench.Receive(session, Wire.HelloFrame(token: [1, 2, 3]), SayFrame, SayFrame);
        bench.Run();
        Assert.That((session.Status, said.Count), Is.EqualTo((SessionStatus.Opening, 0)));
        answer.SetResult(AuthenticationResult.Accept("somebody"));
        bench.Run();
        bench.Run();
        Assert.That((session.Status, session.UserData, said.Count), Is.EqualTo((SessionStatus.Open, (object?)"somebody", 2)));
        Assert.That(token, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    private static object?[] LastBody(SessionBench bench) => Bodies(bench)[^1];

    private static List<object?[]> Bodies(SessionBench bench)
    {
        List<object?[]> bodies = [];
        byte[] sent = [.. bench.Stack.Sent!];
        for (int at = 0; at < sent.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(sent.AsSpan(at));
            bodies.Add(Wire.Read(sent[(at + 4)..(at + 4 + length)]));
            at += 4 + length;
        }

        return bodies;
    }

    /// <summary>Written by code that must not run twice for one message.</summary>
    private readonly ref struct UnrepeatableBody(ReadOnlySpan<byte> body) : IBody
    {
        private readonly ReadOnlySpan<byte> _body = body;

        public void Write(ref NetWriter writer)
        {
            writer.TryKeep();
            writer.WriteRaw(_body);
        }
    }
}
