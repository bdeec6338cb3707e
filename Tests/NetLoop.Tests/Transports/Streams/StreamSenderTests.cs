using NetLoop.Transports;
using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Streams;

/// <summary>How much one send takes, what is counted, and when a peer is considered not to read.</summary>
public sealed class StreamSenderTests
{
    private const int FrameOf10 = 4 + 10;

    private readonly byte[] _body = new byte[10];
    private FakeTransport _transport = null!;
    private StreamSender _sender = null!;

    private LoopCounters Counters => _transport.Context.Counters;

    [SetUp]
    public void Create()
    {
        _transport = new FakeTransport { Sent = [] };
        _sender = new StreamSender(_transport.Context, new LengthPrefixFramer(1 << 20));
        Begin();
    }

    [TearDown]
    public void CheckNothingIsLeft()
    {
        _sender.Clear();
        Assert.That((Counters.QueuedBytes, _transport.Pool.Statistics.RentedLeases), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void Send_AllIsTaken_IsEmptied()
    {
        Append(3);
        Assert.That((Counters.BodiesOut, Counters.QueuedBytes), Is.EqualTo((3L, 3L * FrameOf10)));
        Assert.That(Send(int.MaxValue), Is.EqualTo(SendOutcome.Emptied));
        Assert.That((_sender.IsEmpty, _sender.IsBlocked, _sender.Backlog), Is.EqualTo((true, false, (SendBacklog?)null)));
        Assert.That((Counters.BytesOut, Counters.QueuedBytes), Is.EqualTo((3L * FrameOf10, 0L)));
        Assert.That(_transport.Sent, Has.Count.EqualTo(3 * FrameOf10));
    }

    [Test]
    public void Send_APartIsTaken_IsBlockedUntilTheRestIs()
    {
        for (int round = 1; round <= 2; round++)
        {
            Append(2);
            Assert.That(Send(5), Is.EqualTo(SendOutcome.Blocked));
            Assert.That(
                (_sender.IsBlocked, _sender.QueuedBytes, _sender.QueuedBodies, _sender.Backlog!.SentBytes), Is.EqualTo((true, (2 * FrameOf10) - 5, 2, 5L)));
            Assert.That(Send(FrameOf10), Is.EqualTo(SendOutcome.Blocked));
            Assert.That((_sender.QueuedBodies, _sender.Backlog!.SentBytes), Is.EqualTo((1, 5L + FrameOf10)));
            Assert.That(Send(FrameOf10 - 5), Is.EqualTo(SendOutcome.Emptied));
            Assert.That((_sender.IsBlocked, Counters.BytesOut, Counters.QueuedBytes), Is.EqualTo((false, round * 2L * FrameOf10, 0L)));
        }
    }

    [TestCase(SocketStatus.WouldBlock)]
    [TestCase(SocketStatus.NoBuffers)]
    [TestCase(SocketStatus.Interrupted)]
    public void Send_KernelTakesNothingNow_IsBlocked(SocketStatus status)
    {
        Append(1);
        Assert.That(_sender.Send(new Channel(new SocketResult(status, 0)), default, out SocketStatus failure), Is.EqualTo(SendOutcome.Blocked));
        Assert.That((failure, _sender.IsBlocked, _sender.Backlog!.SentBytes, Counters.BytesOut), Is.EqualTo((status, true, 0L, 0L)));
        Assert.That((_sender.QueuedBytes, Counters.QueuedBytes), Is.EqualTo((FrameOf10, (long)FrameOf10)));
    }

    [TestCase(SocketStatus.ConnectionReset)]
    [TestCase(SocketStatus.BrokenPipe)]
    [TestCase(SocketStatus.InvalidCall)]
    public void Send_ConnectionIsLost_SaysWhyAndKeepsTheCount(SocketStatus status)
    {
        Append(1);
        Assert.That(_sender.Send(new Channel(new SocketResult(status, 0)), default, out SocketStatus failure), Is.EqualTo(SendOutcome.Failed));
        Assert.That((failure, _sender.IsBlocked, Counters.QueuedBytes), Is.EqualTo((status, false, (long)FrameOf10)));
    }

    [Test]
    public void Send_MoreBlocksThanOneCallTakes_ProgressesWithoutBeingBlocked()
    {
        // Each body has its own block.
        byte[] large = new byte[60_000];
        for (int i = 0; i < 18; i++)
        {
            Assert.That(_sender.TryAppend(large), Is.True);
        }

        Assert.That(_sender.LeaseCount, Is.EqualTo(18));
        Assert.That(Send(int.MaxValue), Is.EqualTo(SendOutcome.Progressed));
        Assert.That((_sender.QueuedBodies, _sender.IsBlocked, _sender.LeaseCount), Is.EqualTo((2, false, 2)));
        Assert.That(Send(int.MaxValue), Is.EqualTo(SendOutcome.Emptied));
        Assert.That(Counters.BytesOut, Is.EqualTo(18L * 60_004));
    }

    [Test]
    public void Send_ProgressesWhileBlocked_IsProgressOfTheBacklog()
    {
        byte[] large = new byte[60_000];
        for (int i = 0; i < 18; i++)
        {
            _sender.TryAppend(large);
        }

        Assert.That(Send(1), Is.EqualTo(SendOutcome.Blocked));
        _transport.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Send(int.MaxValue), Is.EqualTo(SendOutcome.Progressed));
        Assert.That((_sender.IsBlocked, _sender.Backlog!.LastProgress, _sender.Backlog.SentBytes), Is.EqualTo((true, 1_000_000_000L, 16L * 60_004)));
    }

    [Test]
    public void SlowPeerDeadline_NotBlocked_IsNone()
    {
        Append(1);
        Assert.That(_sender.SlowPeerDeadline(7), Is.EqualTo(Connection.NoDeadline));
        Assert.That(_sender.IsTooSlow(long.MaxValue / 2), Is.False);
        Send(1);
        Assert.That(_sender.SlowPeerDeadline(7), Is.EqualTo(7 + 20), "a fifth of the longest backlog");
        Assert.That((_sender.IsTooSlow(999), _sender.IsTooSlow(1_000)), Is.EqualTo((false, true)));
        Send(int.MaxValue);
        Assert.That(_sender.SlowPeerDeadline(7), Is.EqualTo(Connection.NoDeadline));
        Assert.That(_sender.IsTooSlow(long.MaxValue / 2), Is.False);
    }

    [Test]
    public void Begin_AfterAPeerThatDidNotRead_KnowsNothingOfIt()
    {
        Append(1);
        Send(1);
        Assert.That(_sender.IsBlocked, Is.True);
        Assert.That(Begin, Throws.TypeOf<InvariantViolationException>(), "something is queued");
        _sender.Clear();
        Begin();
        Assert.That((_sender.IsBlocked, _sender.IsEmpty, _sender.QueuedBodies), Is.EqualTo((false, true, 0)));
    }

    [Test]
    public void IsAtLimit_OfBodiesOrBytes_IsReachedByTheLast()
    {
        for (int i = 0; i < 5; i++)
        {
            Assert.That(_sender.IsAtLimit, Is.False, $"{i} bodies");
            Append(1);
        }

        Assert.That(_sender.IsAtLimit, Is.True);
        _sender.Clear();
        Assert.That(_sender.TryAppend(new byte[1_000 - 4 - 1]), Is.True);
        Assert.That(_sender.IsAtLimit, Is.False, "a byte is left");
        _sender.Clear();
        Assert.That(_sender.TryAppend(new byte[1_000 - 4]), Is.True);
        Assert.That(_sender.IsAtLimit, Is.True);
    }

    [Test]
    public void CommitBody_AndCancelBody_CountWhatIsQueuedAlone()
    {
        for (int round = 1; round <= 2; round++)
        {
            Assert.That(_sender.BeginBody(100, 0).Length, Is.GreaterThanOrEqualTo(64));
            Assert.That((Counters.BodiesOut, Counters.QueuedBytes), Is.EqualTo((round - 1L, (round - 1L) * FrameOf10)));
            _sender.CancelBody();
            Assert.That(_sender.BeginBody(100, 0).IsEmpty, Is.False);
            _sender.CommitBody(10);
            Assert.That((Counters.BodiesOut, Counters.QueuedBytes), Is.EqualTo(((long)round, (long)round * FrameOf10)));
        }

        Assert.That(_sender.TryAppendFramed(new byte[7]), Is.True);
        Assert.That((Counters.BodiesOut, Counters.QueuedBytes), Is.EqualTo((2L, (2L * FrameOf10) + 7)), "bytes of the protocol are no body");
        Assert.That(_sender.Recount(), Is.EqualTo((_sender.QueuedBytes, _sender.QueuedBodies)));
    }

    private void Begin() =>
        _sender.Begin(new StreamLimits(1_000, 5, DialTimeout: 1, CloseTimeout: 1) { MaxStall = 1_000, MaxBacklogTime = 100, MaxBacklogBytes = 1_000_000 });

    private void Append(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.That(_sender.TryAppend(_body), Is.True);
        }
    }

    private SendOutcome Send(int window)
    {
        _transport.Sends.Enqueue(window);
        return _sender.Send(_transport.Streams.Plain, default, out _);
    }

    private sealed class Channel(SocketResult result) : IStreamChannel
    {
        public SocketResult Receive(SocketHandle socket, Span<byte> room) => throw new NotSupportedException();

        public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments) => result;

        public void EndSending(SocketHandle socket)
        {
        }
    }
}
