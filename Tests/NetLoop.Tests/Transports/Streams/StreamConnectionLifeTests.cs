using NetLoop.Buffers;
using NetLoop.Framing;
using NetLoop.Tests.Buffers;
using NetLoop.Transports;
using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Streams;

/// <summary>
/// What a connection counts, limits and stores: the same in its second use, and without any state of its first use.
/// </summary>
[Parallelizable]
public sealed class StreamConnectionLifeTests : IConnectionOwner
{
    private const int MaxQueueBytes = 1_000;
    private const int MaxQueueBodies = 5;

    private readonly FramedProtocol _protocol = new(new LengthPrefixFramer(1024));
    private readonly StreamLimits _limits = new(MaxQueueBytes, MaxQueueBodies, DialTimeout: 1_000_000_000, CloseTimeout: 5_000_000_000);
    private FakeTransport _transport = null!;
    private StreamConnection _connection = null!;
    private SocketHandle _socket;
    private (CloseReason Reason, SocketStatus Status)? _disconnected;
    private int _connected;
    private int _blocked;
    private int _ends;
    private bool _hasRoom;

    private LoopCountersView Counters => new(_transport);

    [SetUp]
    public void Begin()
    {
        _transport = new FakeTransport(maxPoolBytes: 1 << 20);
        _connection = _transport.Streams.Take();
        _socket = _transport.NewSocket();
        Forget();
    }

    [TearDown]
    public void End()
    {
        if (!_connection.IsDead)
        {
            _connection.Abort(CloseReason.Normal);
        }

        _transport.Context.CloseDeadConnections();
        Assert.Multiple(() =>
        {
            Assert.That(_transport.Interests, Is.Empty);
            Assert.That(_transport.Timers.Count, Is.Zero);
            Assert.That(_transport.Pool.OutstandingOwners(), Is.Empty);
            Assert.That(_transport.Context.Counters.QueuedBytes, Is.Zero);
            Assert.That(_transport.Context.Sockets.Count, Is.Zero);
            Assert.That(_transport.Context.ConnectionCount, Is.Zero);
            Assert.That(_transport.Context.Counters.ConnectionsClosed, Is.EqualTo(_transport.Context.Counters.ConnectionsOpened));
        });
    }

    [Test]
    public void IsFull_AtTheLimitOfBodies_UntilTheKernelHasTakenThem()
    {
        Open();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < MaxQueueBodies; i++)
            {
                Assert.That(_connection.IsFull(), Is.False, $"round {round}, body {i}");
                Append(10);
            }

            Assert.That(_connection.IsFull(), Is.True);
            _transport.Sends.Enqueue(int.MaxValue);
            Assert.That(_connection.IsFull(), Is.True, "the window was closed: it says when it opens");
            _connection.OnReady(Readiness.Writable);
            _transport.Context.FlushDirtyConnections();
            Assert.That(_connection.QueuedBytes, Is.Zero);
        }
    }

    [TestCase(495, false)]
    [TestCase(496, true)]
    public void IsFull_AroundTheLimitOfBytes_IsDecidedByTheLastOne(int second, bool isFull)
    {
        Open();
        Append(496);
        Append(second);
        Assert.That(_connection.QueuedBytes, Is.EqualTo(MaxQueueBytes - 496 + second));
        Assert.That(_connection.IsFull(), Is.EqualTo(isFull));
    }

    [Test]
    public void IsFull_BurstThatTheKernelTakes_IsSentAndHasRoom()
    {
        Open();
        for (int i = 0; i < MaxQueueBodies; i++)
        {
            Append(10);
        }

        _transport.Sends.Enqueue(int.MaxValue);
        Assert.That(_connection.IsFull(), Is.False);
        Assert.That(Counters.BytesOut, Is.EqualTo(MaxQueueBodies * 14));
    }

    [Test]
    public void Flush_KernelTakesAPart_WaitsForItAndCountsEachByteOnce()
    {
        Open();
        for (int occasion = 1; occasion <= 2; occasion++)
        {
            Append(100);
            _transport.Sends.Enqueue(50);
            _transport.Context.FlushDirtyConnections();
            Assert.That((_connection.QueuedBytes, Counters.Queued, Counters.BytesOut), Is.EqualTo((54, 54L, (104L * (occasion - 1)) + 50)), $"{occasion}");
            Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable | Interest.Writable), $"{occasion}");
            Assert.That(_blocked, Is.EqualTo(occasion), "told once for each time");
            Assert.That((_connection.Backlog!.IsBlocked, _connection.Backlog.SentBytes), Is.EqualTo((true, 50L)), $"{occasion}");

            _transport.Sends.Enqueue(4);
            _connection.OnReady(Readiness.Writable);
            _transport.Context.FlushDirtyConnections();
            Assert.That((_connection.QueuedBytes, _connection.Backlog.SentBytes, _blocked), Is.EqualTo((50, 54L, occasion)), $"{occasion}");

            _transport.Sends.Enqueue(int.MaxValue);
            _connection.OnReady(Readiness.Writable);
            _transport.Context.FlushDirtyConnections();
            Assert.That((_connection.QueuedBytes, Counters.Queued, Counters.BytesOut), Is.EqualTo((0, 0L, 104L * occasion)), $"{occasion}");
            Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable), $"{occasion}");
            Assert.That(_connection.Backlog.IsBlocked, Is.False, $"{occasion}");
        }

        Assert.That(Counters.BodiesOut, Is.EqualTo(2));
    }

    [Test]
    public void OnReady_WritableAndNothingToSend_IsNothing()
    {
        Open();
        _connection.OnReady(Readiness.Writable);
        Assert.That(_transport.Context.DirtyCount, Is.Zero);
        Append(10);
        _connection.OnReady(Readiness.Writable);
        Append(10);
        Assert.That(_transport.Context.DirtyCount, Is.EqualTo(1), "once, however often");
    }

    [Test]
    public void OnReady_PeerSendsWithoutEnd_ReadsFourTimes()
    {
        Open();
        int frames = ReceiveScratch.ReceiveBytes / 64;
        for (int i = 0; i < frames; i++)
        {
            _transport.Context.Scratch.Room[(64 * i) + 3] = 60;
        }

        for (int i = 0; i < 6; i++)
        {
            _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, ReceiveScratch.ReceiveBytes));
        }

        _connection.OnReady(Readiness.Readable);
        Assert.That(_transport.Receives, Has.Count.EqualTo(2));
        Assert.That(Counters.BodiesIn, Is.EqualTo(4 * frames));
        Assert.That(Counters.BytesIn, Is.EqualTo(4L * ReceiveScratch.ReceiveBytes));
        _connection.OnReady(Readiness.Readable);
        Assert.That(_transport.Receives, Is.Empty);
        Assert.That(Counters.BodiesIn, Is.EqualTo(6 * frames));
    }

    [Test]
    public void Pause_NoRoomForABody_ReadsNothingUntilThereIsRoomAndDeliversEachOnce()
    {
        Open();
        for (int occasion = 1; occasion <= 3; occasion++)
        {
            _hasRoom = false;
            Receive([0, 0, 0, 1, 7, 0, 0, 0, 1, 8, 0, 0]);
            Assert.That((_connection.IsReadPaused, _connection.HeldBytes, Counters.BodiesIn), Is.EqualTo((true, 12, 2L * (occasion - 1))), $"{occasion}");
            Assert.That(Counters.ReadPauses, Is.EqualTo(occasion));
            _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 3));
            _connection.OnReady(Readiness.Readable);
            Assert.That(_transport.Receives, Has.Count.EqualTo(1), "not read while it is paused");
            _transport.Context.SilencePausedConnections();
            Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));

            _hasRoom = true;
            _transport.Context.ResumePausedConnections();
            Assert.That((_connection.IsReadPaused, _connection.HeldBytes, Counters.BodiesIn), Is.EqualTo((false, 2, 2L * occasion)), $"{occasion}");
            Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
            _transport.Receives.Clear();

            // The rest of the frame that was cut.
            ReceiveBehind([0, 1, 9]);
            Assert.That(_connection.HeldBytes, Is.Zero);
            _transport.Context.Counters.BodiesIn--;
        }
    }

    [Test]
    public void Pause_NoRoomStill_StaysPausedAndLosesNothing()
    {
        Open();
        _hasRoom = false;
        Receive([0, 0, 0, 1, 7]);
        for (int i = 0; i < 3; i++)
        {
            _transport.Context.ResumePausedConnections();
            Assert.That((_connection.IsReadPaused, _connection.HeldBytes, Counters.BodiesIn), Is.EqualTo((true, 5, 0L)));
        }

        _hasRoom = true;
        _transport.Context.ResumePausedConnections();
        Assert.That((_connection.IsReadPaused, _connection.HeldBytes, Counters.BodiesIn), Is.EqualTo((false, 0, 1L)));
    }

    [Test]
    public void Dial_Answered_IsToldOnceAndHasNoDeadlineAnyMore()
    {
        Dial();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Writable));
        _connection.OnReady(Readiness.Writable);
        Assert.That(_connected, Is.Zero, "in progress still");
        _transport.Connecting = SocketStatus.Ok;
        _connection.OnReady(Readiness.Writable);
        Assert.That(_connected, Is.EqualTo(1));
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
        Assert.That(_transport.Timers.Count, Is.Zero);
        _transport.Advance(TimeSpan.FromSeconds(60));
        Assert.That(_disconnected, Is.Null);
    }

    [Test]
    public void Dial_NoAnswer_EndsAtTheTimeout()
    {
        Dial();
        _transport.Advance(TimeSpan.FromTicks(9_999_999));
        Assert.That(_disconnected, Is.Null);
        _transport.Advance(TimeSpan.FromTicks(1));
        Assert.That(_disconnected, Is.EqualTo((CloseReason.TransportError, SocketStatus.TimedOut)));
    }

    [Test]
    public void Dial_AnsweredAtTheLastMoment_IsOpen()
    {
        Dial();
        _transport.Connecting = SocketStatus.Ok;
        _transport.Advance(TimeSpan.FromSeconds(1));
        Assert.That((_connected, _disconnected), Is.EqualTo((1, ((CloseReason, SocketStatus)?)null)));
    }

    [Test]
    public void Dial_Refused_SaysWhy()
    {
        Dial();
        _transport.Connecting = SocketStatus.ConnectionRefused;
        _connection.OnReady(Readiness.Writable | Readiness.Failed);
        Assert.That((_connected, _disconnected), Is.EqualTo((0, (CloseReason.TransportError, SocketStatus.ConnectionRefused))));
    }

    [Test]
    public void CloseGracefully_PeerClosesToo_EndsInOrderWithoutAReset()
    {
        Open();
        Append(10);
        _connection.CloseGracefully();
        _transport.Sends.Enqueue(int.MaxValue);
        _transport.Context.FlushDirtyConnections();
        Assert.That((_connection.State, _transport.Shut), Is.EqualTo((ConnectionState.Lingering, new[] { _socket })));

        // Further input from the peer is discarded.
        Receive([0, 0, 0, 1, 7]);
        Assert.That((Counters.BodiesIn, _connection.HeldBytes), Is.EqualTo((0L, 0)));
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        _connection.OnReady(Readiness.Readable);
        Assert.That(_disconnected, Is.EqualTo((CloseReason.Normal, SocketStatus.Ok)));
        _transport.Context.CloseDeadConnections();
        Assert.That((_transport.Closed, _transport.Reset), Is.EqualTo((new[] { _socket }, Array.Empty<SocketHandle>())));
    }

    [Test]
    public void CloseGracefully_PeerDoesNothing_EndsAtTheTimeoutHoweverOftenItIsClosed()
    {
        Open();
        Append(10);
        _connection.CloseGracefully();
        _transport.Context.FlushDirtyConnections();
        for (int second = 1; second < 5; second++)
        {
            _transport.Advance(TimeSpan.FromSeconds(1));
            _connection.CloseGracefully();
            Assert.That(_disconnected, Is.Null, $"{second}");
        }

        _transport.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_disconnected, Is.EqualTo((CloseReason.TransportError, SocketStatus.Ok)));
        _transport.Context.CloseDeadConnections();
        Assert.That(_transport.Reset, Is.EqualTo(new[] { _socket }));
        Assert.That(_transport.Shut, Is.Empty, "what was queued never went out");
    }

    [Test]
    public void OnReady_EndOfTheStream_IsToldOnceAndNotWaitedForAgain()
    {
        Open();
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        _connection.OnReady(Readiness.Readable);
        Assert.That((_ends, _transport.Interests[_socket]), Is.EqualTo((1, Interest.None)));
        Append(10);
        _transport.Sends.Enqueue(5);
        _transport.Context.FlushDirtyConnections();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Writable));
        _transport.Sends.Enqueue(int.MaxValue);
        _connection.OnReady(Readiness.Writable);
        _transport.Context.FlushDirtyConnections();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));
    }

    [Test]
    public void Open_ObjectThatServedAnother_KnowsNothingOfThat()
    {
        Open();
        StreamConnection first = _connection;
        _connection.MaxReceiveBytes = 100;
        _hasRoom = false;
        Receive([0, 0, 0, 1, 7]);
        _transport.Context.SilencePausedConnections();
        Append(100);
        _transport.Sends.Enqueue(50);
        _transport.Context.FlushDirtyConnections();
        Append(10);
        _connection.Abort(CloseReason.Kicked);
        _transport.Context.CloseDeadConnections();
        _transport.Context.FlushDirtyConnections();
        _transport.Context.ResumePausedConnections();
        Assert.That(_transport.Reset, Is.EqualTo(new[] { _socket }));
        Assert.That(Counters.Queued, Is.Zero);

        _connection = _transport.Streams.Take();
        Assert.That(_connection, Is.SameAs(first));
        _socket = _transport.NewSocket();
        Forget();
        Open();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
        Assert.That((_connection.IsReadPaused, _connection.QueuedBytes, _connection.HeldBytes, _connection.LeaseCount), Is.EqualTo((false, 0, 0, 0)));
        Assert.That(_connection.MaxReceiveBytes, Is.EqualTo(ReceiveScratch.ReceiveBytes));
        Assert.That(_connection.Backlog is not { IsBlocked: true }, Is.True);
        Receive([0, 0, 0, 1, 7]);
        Assert.That(Counters.BodiesIn, Is.EqualTo(1));
        Append(100);
        Assert.That(_transport.Context.DirtyCount, Is.EqualTo(1));
        _transport.Sends.Enqueue(int.MaxValue);
        _transport.Context.FlushDirtyConnections();
        Assert.That(Counters.BytesOut, Is.EqualTo(50 + 104));
        _connection.CloseGracefully();
        _transport.Context.FlushDirtyConnections();
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        _connection.OnReady(Readiness.Readable);
        _transport.Context.CloseDeadConnections();
        Assert.That(_transport.Reset, Has.No.Member(_socket), "the first one's reset");
    }

    [Test]
    public void Open_ObjectThatSawAnEndOfStream_ListensAgain()
    {
        Open();
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        _connection.OnReady(Readiness.Readable);
        _connection.Abort(CloseReason.Normal);
        _transport.Context.CloseDeadConnections();
        _connection = _transport.Streams.Take();
        _socket = _transport.NewSocket();
        Forget();
        Open();
        _connection.UpdateInterest();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        _connection.OnReady(Readiness.Readable);
        Assert.That(_ends, Is.EqualTo(1));
    }

    [Test]
    public void Wake_ManyTimes_ReachesThePollerOnceUntilItIsTaken()
    {
        Open();
        ConnectionSet context = _transport.Context;
        Assert.That(context.TakeWake(), Is.False);
        for (int round = 1; round <= 3; round++)
        {
            context.Wake();
            context.Wake();
            Assert.That(_transport.Wakes, Is.EqualTo(round));
            Assert.That(context.TakeWake(), Is.True);
            Assert.That(context.TakeWake(), Is.False);
        }
    }

    [Test]
    public void TryAppend_NoMemory_QueuesNothingUntilThereIsSome()
    {
        Open();
        Lease[] all = _transport.Pool.RentEverything();
        for (int i = 0; i < 2; i++)
        {
            Assert.That(_connection.TryAppend(new byte[100]), Is.False);
            Assert.That(_connection.BeginBody(100, out _).IsEmpty, Is.True);
            Assert.That((_connection.QueuedBytes, Counters.Queued, Counters.BodiesOut, _connection.IsDead), Is.EqualTo((0, 0L, 0L, false)));
        }

        Array.ForEach(all, lease => lease.Return());
        Append(100);
        Assert.That((_connection.QueuedBytes, Counters.Queued, Counters.BodiesOut), Is.EqualTo((104, 104L, 1L)));
    }

    [Test]
    public void TryAppend_MemoryThatAnotherHolds_TakesItFromThatOne([Values] bool isBegun)
    {
        Open();
        var other = new Holder();
        StreamConnection holder = _transport.Streams.Take();
        Assert.That(holder.Open(_transport.NewSocket(), other, _protocol, _limits), Is.EqualTo(SocketStatus.Ok));
        byte[] header = [0, 0, 4, 0];
        header.CopyTo(_transport.Context.Scratch.Room);
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 600));
        holder.OnReady(Readiness.Readable);
        Assert.That(holder.HeldBytes, Is.EqualTo(600));
        Lease[] all = _transport.Pool.RentEverything();
        if (isBegun)
        {
            Assert.That(_connection.BeginBody(600, out _).IsEmpty, Is.False);
            _connection.CommitBody(600);
        }
        else
        {
            Append(600);
        }

        Assert.That(other.Disconnected, Is.EqualTo(CloseReason.Evicted));
        Assert.That((_connection.QueuedBytes, Counters.Queued, _disconnected), Is.EqualTo((604, 604L, ((CloseReason, SocketStatus)?)null)));
        Array.ForEach(all, lease => lease.Return());
    }

    [Test]
    public void Receive_NoMemoryForTheRestOfAFrame_EndsTheConnectionThatHoldsMost()
    {
        Open();
        Receive([0, 0, 4, 0, .. new byte[600]]);
        Lease[] all = _transport.Pool.RentEverything();
        for (int i = 0; i < 10 && _disconnected is null; i++)
        {
            ReceiveBehind(new byte[100]);
        }

        Assert.That(_disconnected, Is.EqualTo((CloseReason.Evicted, SocketStatus.NoBuffers)), "the frame is longer than its block, and there is no other");
        Array.ForEach(all, lease => lease.Return());
    }

    [Test]
    public void TryReadWaiting_HandlersHaveToCatchUp_WaitsForThem()
    {
        Open();
        ReceiveScratch scratch = _transport.Context.Scratch;
        Assert.That(scratch.TryLend(scratch.Room[..ReceiveScratch.MaxLentBytes], out _), Is.True);
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        Assert.That(_connection.TryReadWaiting(), Is.False);
        Assert.That(_ends, Is.Zero);
        scratch.TakeBack();
        Assert.That(_connection.TryReadWaiting(), Is.True);
        Assert.That(_ends, Is.EqualTo(1));
        Assert.That(_connection.TryReadWaiting(), Is.True, "and nothing is read behind the end");
        Assert.That(_ends, Is.EqualTo(1));
    }

    [Test]
    public void EndInput_MoreThanOnce_DiscardsWhatComesAndStillSends()
    {
        Open();
        Receive([0, 0, 0, 9, 1]);
        _connection.EndInput();
        Assert.That((_connection.State, _connection.HeldBytes), Is.EqualTo((ConnectionState.Replying, 0)));
        _connection.EndInput();
        Receive([0, 0, 0, 1, 7]);
        Assert.That((Counters.BodiesIn, _connection.HeldBytes), Is.EqualTo((0L, 0)));
        Append(10);
        _transport.Sends.Enqueue(int.MaxValue);
        _transport.Context.FlushDirtyConnections();
        Assert.That(Counters.BytesOut, Is.EqualTo(14));
    }

    [Test]
    public void CloseGracefully_DialInProgress_EndsAtOnce()
    {
        Dial();
        _connection.CloseGracefully();
        Assert.That(_disconnected, Is.EqualTo((CloseReason.Normal, SocketStatus.Ok)));
        _transport.Context.CloseDeadConnections();
        Assert.That(_transport.Reset, Is.EqualTo(new[] { _socket }));
    }

    private void Forget()
    {
        _disconnected = null;
        _connected = 0;
        _blocked = 0;
        _ends = 0;
        _hasRoom = true;
    }

    private void Open() => Assert.That(_connection.Open(_socket, this, _protocol, _limits), Is.EqualTo(SocketStatus.Ok));

    private void Dial() => Assert.That(_connection.Dial(_socket, this, _protocol, _limits), Is.EqualTo(SocketStatus.Ok));

    private void Append(int bytes) => Assert.That(_connection.TryAppend(new byte[bytes]), Is.True);

    private void Receive(byte[] bytes)
    {
        bytes.CopyTo(_transport.Context.Scratch.Room);
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, bytes.Length));
        _connection.OnReady(Readiness.Readable);
    }

    // After the bytes that are held, in the same memory, into which the kernel writes.
    private void ReceiveBehind(byte[] bytes)
    {
        _transport.Received = bytes;
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, bytes.Length));
        _connection.OnReady(Readiness.Readable);
        _transport.Received = null;
    }

    void ISocketEntry.OnReady(Readiness readiness)
    {
    }

    NetEndpoint IConnectionOwner.Remote => default;

    bool IConnectionOwner.TryMove(in NetEndpoint remote) => true;

    void IConnectionOwner.OnConnected() => _connected++;

    bool IConnectionOwner.OnBodies(ref BodyBatch bodies) => _hasRoom;

    void IConnectionOwner.OnBadInput(CloseReason reason, string text) => Assert.Fail($"{reason}: {text}");

    void IConnectionOwner.OnEndOfInput(CloseReason reason, string text) => _ends++;

    void IConnectionOwner.OnSendBlocked() => _blocked++;

    bool IConnectionOwner.TryPark(in ParkedConnection parked) => false;

    void IConnectionOwner.OnDisconnected(in ConnectionEnd end)
    {
        Assert.That(_disconnected, Is.Null, "told once");
        _disconnected = (end.Reason, end.Failure);
    }

    private sealed class Holder : IConnectionOwner
    {
        public NetEndpoint Remote => default;

        public bool TryMove(in NetEndpoint remote) => true;

        public void OnReady(Readiness readiness)
        {
        }

        public CloseReason? Disconnected { get; private set; }

        public void OnConnected()
        {
        }

        public bool OnBodies(ref BodyBatch bodies) => true;

        public void OnBadInput(CloseReason reason, string text)
        {
        }

        public void OnEndOfInput(CloseReason reason, string text)
        {
        }

        public void OnSendBlocked()
        {
        }

        public bool TryPark(in ParkedConnection parked) => false;

        public void OnDisconnected(in ConnectionEnd end) => Disconnected = end.Reason;
    }

    private readonly struct LoopCountersView(FakeTransport transport)
    {
        public long Queued => transport.Context.Counters.QueuedBytes;

        public long BytesIn => transport.Context.Counters.BytesIn;

        public long BytesOut => transport.Context.Counters.BytesOut;

        public long BodiesIn => transport.Context.Counters.BodiesIn;

        public long BodiesOut => transport.Context.Counters.BodiesOut;

        public long ReadPauses => transport.Context.Counters.ReadPauses;
    }
}
