using NetLoop.Framing;
using NetLoop.Transports;
using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Streams;

public sealed class StreamConnectionTests : IConnectionOwner
{
    private readonly FramedProtocol _protocol = new(new LengthPrefixFramer(1024), isStateless: true);
    private readonly StreamLimits _limits = new(64 * 1024, 64, DialTimeout: 1_000_000_000, CloseTimeout: 5_000_000_000);
    private FakeTransport _transport = null!;
    private StreamConnection _connection = null!;
    private SocketHandle _socket;
    private CloseReason? _disconnected;
    private CloseReason? _badInput;
    private int _endsOfStream;
    private bool _hasRoom;
    private ParkedConnection? _parked;

    [SetUp]
    public void Open()
    {
        _transport = new FakeTransport(maxActiveConnections: 0);
        _socket = _transport.NewSocket();
        _connection = _transport.Streams.Take();
        _disconnected = null;
        _badInput = null;
        _endsOfStream = 0;
        _hasRoom = true;
        _parked = null;
        Assert.That(_connection.Open(_socket, this, _protocol, _limits), Is.EqualTo(SocketStatus.Ok));
    }

    [TearDown]
    public void Close()
    {
        _connection.Abort(CloseReason.Normal);
        _transport.Context.CloseDeadConnections();
        Assert.Multiple(() =>
        {
            Assert.That(_transport.Closed, Is.EqualTo(new[] { _socket }));
            Assert.That(_transport.Interests, Is.Empty);
            Assert.That(_transport.Timers.Count, Is.Zero);
            Assert.That(_transport.Pool.OutstandingOwners(), Is.Empty);
            Assert.That(_transport.Context.Counters.QueuedBytes, Is.Zero);
        });
    }

    [TestCase(0, 64 << 10)]
    [TestCase(1, 1 << 10)]
    public void BeginBody_AfterALongReceive_TakesALongBlockInTheSameIteration(int iterationsLater, int blockBytes)
    {
        byte[] frames = [.. Enumerable.Repeat<byte[]>([0, 0, 0, 1, 9], 4_000).SelectMany(frame => frame)];
        frames.CopyTo(_transport.Context.Scratch.Room);
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, frames.Length));
        _connection.OnReady(Readiness.Readable);
        _transport.Context.Counters.Iterations += iterationsLater;

        Assert.That(_connection.BeginBody(1_000, out _).IsEmpty, Is.False);
        Assert.That(_transport.Pool.Statistics.RentedBytes, Is.EqualTo(blockBytes));
        _connection.CancelBody();
    }

    [Test]
    public void OnReady_HangUpWhilePaused_IsHeardOnceUntilThereIsRoom()
    {
        byte[] frame = [0, 0, 0, 6, 1, 2, 3, 4, 5, 6];
        frame.CopyTo(_transport.Context.Scratch.Room);
        _hasRoom = false;
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, frame.Length));
        _connection.OnReady(Readiness.Readable);
        _transport.Context.SilencePausedConnections();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));

        // A hang-up is reported whatever the interest, so the socket is removed from the poller until there is room.
        _connection.OnReady(Readiness.Failed | Readiness.Readable);
        _transport.Context.SilencePausedConnections();
        Assert.That(_transport.Interests, Is.Empty);
        _transport.Context.ResumePausedConnections();
        _transport.Context.SilencePausedConnections();
        Assert.That(_transport.Interests, Is.Empty, "still no room");

        _hasRoom = true;
        _transport.Context.ResumePausedConnections();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.ConnectionReset, 0));
        _connection.OnReady(Readiness.Failed | Readiness.Readable);
        Assert.That(_disconnected, Is.EqualTo(CloseReason.TransportError));
    }

    [Test]
    public void Flush_PollerCannotWatchForRoom_EndsTheConnectionInItsPhase()
    {
        Assert.That(_connection.TryAppend(new byte[100]), Is.True);
        _transport.PollerStatus = SocketStatus.NoBuffers;
        _transport.Context.FlushDirtyConnections();
        Assert.That(_disconnected, Is.Null, "whoever flushes goes on with it");
        Assert.That(_transport.Context.DeadCount, Is.EqualTo(1), "the loop must not sleep");
        _transport.Context.CloseDeadConnections();
        Assert.That(_disconnected, Is.EqualTo(CloseReason.TransportError));
        Assert.That(_transport.Context.DeadCount, Is.Zero);
    }

    [Test]
    public void ResumePausedConnections_PollerCannotAddAgain_EndsTheConnection()
    {
        byte[] frame = [0, 0, 0, 6, 1, 2, 3, 4, 5, 6];
        frame.CopyTo(_transport.Context.Scratch.Room);
        _hasRoom = false;
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, frame.Length));
        _connection.OnReady(Readiness.Readable);
        _connection.OnReady(Readiness.Failed | Readiness.Readable);
        Assert.That(_transport.Interests, Is.Empty);

        _hasRoom = true;
        _transport.PollerStatus = SocketStatus.NoBuffers;
        _transport.Context.ResumePausedConnections();
        _transport.Context.CloseDeadConnections();
        Assert.That(_disconnected, Is.EqualTo(CloseReason.TransportError));
    }

    [Test]
    public void OnReady_EndOfStreamWhileDrainingABlockedQueue_StopsListeningForIt()
    {
        Assert.That(_connection.TryAppend(new byte[100]), Is.True);
        _connection.CloseGracefully();
        _transport.Context.FlushDirtyConnections();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable | Interest.Writable));

        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        _connection.OnReady(Readiness.Readable);
        _transport.Context.FlushDirtyConnections();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Writable), "the end of the stream is readable for ever");

        _transport.Sends.Enqueue(1000);
        _connection.OnReady(Readiness.Writable);
        _transport.Context.FlushDirtyConnections();
        Assert.That(_connection.IsDead, Is.True, "all is sent, and the peer has closed");
    }

    [Test]
    public void OnReady_EndOfStreamWhileOpen_IsToldOnceAndSendingGoesOn()
    {
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        _connection.OnReady(Readiness.Readable);
        Assert.That(_endsOfStream, Is.EqualTo(1));
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));
        _transport.Sends.Enqueue(1000);
        Assert.That(_connection.TryAppend(new byte[100]), Is.True);
        _transport.Context.FlushDirtyConnections();
        Assert.That(_transport.Context.Counters.BytesOut, Is.EqualTo(104));
        Assert.That(_disconnected, Is.Null);
    }

    [Test]
    public void EvictLargestHolder_ReceiverHoldsMost_EndsTheReceiver()
    {
        byte[] header = [0, 0, 4, 0];
        header.CopyTo(_transport.Context.Scratch.Room);
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 500));
        _connection.OnReady(Readiness.Readable);
        Assert.That(_connection.BufferedBytes, Is.EqualTo(500));
        Assert.That(_transport.Context.EvictLargestHolder(), Is.True);
        Assert.That(_disconnected, Is.EqualTo(CloseReason.Evicted));
        Assert.That(_transport.Pool.OutstandingOwners(), Is.Empty, "its memory is free at once");
        Assert.That(_transport.Context.EvictLargestHolder(), Is.False);
    }

    [Test]
    public void EvictLargestHolder_ConnectionsOfDifferentSizes_EndsTheLargestFirst()
    {
        Hold(_connection, 400);
        var other = new OtherOwner();
        StreamConnection larger = OpenAnother(other, new LengthPrefixFramer(1024));
        Hold(larger, 600);
        Assert.That(_transport.Context.EvictLargestHolder(), Is.True);
        Assert.That(other.Disconnected, Is.EqualTo(CloseReason.Evicted));
        Assert.That(_disconnected, Is.Null);
        CloseAnother();
    }

    [Test]
    public void EvictLargestHolder_KernelTakesWhatItHasToSend_SendsAndEndsNobody()
    {
        Assert.That(_connection.TryAppend(new byte[600]), Is.True);
        _transport.Sends.Enqueue(1_000);
        Assert.That(_transport.Context.EvictLargestHolder(), Is.True);
        Assert.That(_disconnected, Is.Null);
        Assert.That(_transport.Pool.Statistics.RentedBytes, Is.Zero);

        Assert.That(_connection.TryAppend(new byte[600]), Is.True);
        Assert.That(_transport.Context.EvictLargestHolder(), Is.True);
        Assert.That(_disconnected, Is.EqualTo(CloseReason.SlowConsumer), "the window is closed");
    }

    [TestCase(3_000, 0, TestName = "more than the longest frame at once")]
    [TestCase(1_025, 3, TestName = "as much as the longest frame with the second receive")]
    [TestCase(1_028, 0, TestName = "as much as the longest frame")]
    public void Receive_FramerWaitsBeyondItsOwnLimit_CostsItsConnectionOnly(int first, int second)
    {
        Hold(_connection, 400);
        var other = new OtherOwner();
        StreamConnection contradictory = OpenAnother(other, new ContradictoryFramer { HeaderBytes = 4 });
        Hold(contradictory, first);
        if (second > 0)
        {
            Assert.That(other.BadInput, Is.Null);
            Hold(contradictory, second);
        }

        Assert.That(other.BadInput, Is.EqualTo(CloseReason.FrameTooLarge));
        Assert.That(_disconnected, Is.Null, "nobody is evicted for it");
        Assert.That(_connection.BufferedBytes, Is.EqualTo(400));
        contradictory.Abort(CloseReason.Malformed);
        CloseAnother();
    }

    [Test]
    public void Flush_FramerFailedToWriteAHeader_SendsNothingAndEndsTheConnection()
    {
        var other = new OtherOwner();
        int faults = 0;
        StreamConnection contradictory = OpenAnother(
            other, GuardedFramer.Create(() => new ContradictoryFramer { HeaderBytes = 4, FailsToWrite = true }, _ => faults++));
        Assert.That(contradictory.TryAppend(new byte[10]), Is.True);
        _transport.Sends.Enqueue(1_000);
        _transport.Context.FlushDirtyConnections();
        Assert.That(other.Disconnected, Is.EqualTo(CloseReason.HandlerFault));
        Assert.That(_transport.Context.Counters.BytesOut, Is.Zero);
        Assert.That(faults, Is.EqualTo(1));
        CloseAnother();
    }

    [Test]
    public void ParkQuietConnections_NothingToDo_LeavesTheSocketAndLosesNothing()
    {
        _transport.Context.ParkQuietConnections();
        Assert.That(_parked?.Socket, Is.EqualTo(_socket));
        Assert.Multiple(() =>
        {
            Assert.That(_transport.Context.Sockets.Find(_parked!.Value.Token), Is.SameAs(this));
            Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
            Assert.That(_transport.Context.ConnectionCount, Is.EqualTo(1));
            Assert.That(_transport.Closed, Is.Empty);
        });

        StreamConnection again = _transport.Streams.Take();
        Assert.That(again, Is.SameAs(_connection), "the object was free for others");
        again.Resume(_parked!.Value, this, _protocol, _limits);
        Assert.That(_transport.Context.Sockets.Find(_parked.Value.Token), Is.SameAs(again));
        _transport.Sends.Enqueue(1000);
        Assert.That(again.TryAppend(new byte[100]), Is.True);
        _transport.Context.FlushDirtyConnections();
        Assert.That(_transport.Context.Counters.BytesOut, Is.EqualTo(104));
    }

    [Test]
    public void ParkQuietConnections_TakenUpAgainSoon_WaitsUntilItIsQuiet()
    {
        _transport.Context.ParkQuietConnections();
        _transport.Advance(TimeSpan.FromMilliseconds(499));
        Resume();
        ExpectNotParked();
        _transport.Advance(TimeSpan.FromMilliseconds(499));
        _transport.Sends.Enqueue(1000);
        Assert.That(_connection.TryAppend(new byte[100]), Is.True);
        _transport.Context.FlushDirtyConnections();
        _transport.Advance(TimeSpan.FromMilliseconds(499));
        ExpectNotParked();
        _transport.Advance(TimeSpan.FromMilliseconds(1));
        _transport.Context.ParkQuietConnections();
        Assert.That(_parked, Is.Not.Null, "half a second after it sent");
        Resume();
    }

    [Test]
    public void ParkQuietConnections_TakenUpAgainLate_ParksAtOnce()
    {
        _transport.Context.ParkQuietConnections();
        _transport.Advance(TimeSpan.FromMilliseconds(500));
        Resume();
        _transport.Context.ParkQuietConnections();
        Assert.That(_parked, Is.Not.Null);
        Resume();
    }

    [Test]
    public void ParkQuietConnections_SomethingToSend_Waits()
    {
        Assert.That(_connection.TryAppend(new byte[100]), Is.True);
        ExpectNotParked();
        _transport.Context.FlushDirtyConnections();
        ExpectNotParked();
        _transport.Sends.Enqueue(1000);
        _connection.OnReady(Readiness.Writable);
        _transport.Context.FlushDirtyConnections();
        _transport.Context.ParkQuietConnections();
        Assert.That(_parked, Is.Not.Null);
        _transport.Streams.Take().Resume(_parked!.Value, this, _protocol, _limits);
    }

    [Test]
    public void ParkQuietConnections_PartOfAFrame_Waits()
    {
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 3));
        _connection.OnReady(Readiness.Readable);
        ExpectNotParked();
    }

    [Test]
    public void ParkQuietConnections_ReadPaused_Waits()
    {
        byte[] frame = [0, 0, 0, 1, 1];
        frame.CopyTo(_transport.Context.Scratch.Room);
        _hasRoom = false;
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, frame.Length));
        _connection.OnReady(Readiness.Readable);
        ExpectNotParked();
    }

    [Test]
    public void ParkQuietConnections_HalfClosedOrClosing_Waits()
    {
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        _connection.OnReady(Readiness.Readable);
        ExpectNotParked();
        _connection.CloseGracefully();
        ExpectNotParked();
    }

    /// <summary>Lets a connection receive a part of a frame.</summary>
    private void Hold(StreamConnection connection, int bytes)
    {
        byte[] header = [0, 0, 4, 0];
        header.CopyTo(_transport.Context.Scratch.Room);
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, bytes));
        connection.OnReady(Readiness.Readable);
    }

    private StreamConnection OpenAnother(IConnectionOwner owner, IFramer framer)
    {
        StreamConnection connection = _transport.Streams.Take();
        Assert.That(connection.Open(_transport.NewSocket(), owner, new FramedProtocol(framer), _limits), Is.EqualTo(SocketStatus.Ok));
        return connection;
    }

    /// <summary>Closes connections that have failed, so that the end of the test finds one connection.</summary>
    private void CloseAnother()
    {
        _transport.Context.CloseDeadConnections();
        _transport.Closed.Clear();
    }

    private void Resume()
    {
        _connection = _transport.Streams.Take();
        _connection.Resume(_parked!.Value, this, _protocol, _limits);
        _parked = null;
    }

    private void ExpectNotParked()
    {
        _transport.Context.ParkQuietConnections();
        Assert.That(_parked, Is.Null);
    }

    void ISocketEntry.OnReady(Readiness readiness)
    {
    }

    NetEndpoint IConnectionOwner.Remote => default;

    bool IConnectionOwner.TryMove(in NetEndpoint remote) => true;

    void IConnectionOwner.OnConnected()
    {
    }

    bool IConnectionOwner.OnBodies(ref BodyBatch bodies) => _hasRoom;

    void IConnectionOwner.OnBadInput(CloseReason reason, string text)
    {
        _badInput = reason;
        _connection.CloseGracefully();
    }

    void IConnectionOwner.OnEndOfInput(CloseReason reason, string text) => _endsOfStream++;

    void IConnectionOwner.OnSendBlocked()
    {
    }

    bool IConnectionOwner.TryPark(in ParkedConnection parked)
    {
        _parked = parked;
        return true;
    }

    void IConnectionOwner.OnDisconnected(in ConnectionEnd end) => _disconnected = end.Reason;

    private sealed class OtherOwner : IConnectionOwner
    {
        public NetEndpoint Remote => default;

        public bool TryMove(in NetEndpoint remote) => true;

        public CloseReason? BadInput { get; private set; }

        public void OnReady(Readiness readiness)
        {
        }

        public CloseReason? Disconnected { get; private set; }

        public void OnConnected()
        {
        }

        public bool OnBodies(ref BodyBatch bodies) => true;

        public void OnBadInput(CloseReason reason, string text) => BadInput = reason;

        public void OnEndOfInput(CloseReason reason, string text)
        {
        }

        public void OnSendBlocked()
        {
        }

        public bool TryPark(in ParkedConnection parked) => false;

        public void OnDisconnected(in ConnectionEnd end) => Disconnected = end.Reason;
    }

    /// <summary>Always asks for more, whatever its limit says.</summary>
    private sealed class ContradictoryFramer : IFramer
    {
        public int MaxBodyBytes => 1_024;

        public int HeaderBytes { get; init; }

        public bool FailsToWrite { get; init; }

        public ReadOnlySpan<byte> Trailer => default;

        public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
        {
            frame = default;
            return FrameStatus.Incomplete;
        }

        public void WriteHeader(Span<byte> header, int bodyBytes)
        {
            if (FailsToWrite)
            {
                throw new InvalidOperationException("broken");
            }
        }
    }
}
