using System.Text;
using NetLoop.Buffers;
using NetLoop.Framing;
using NetLoop.Framing.WebSockets;
using NetLoop.Stack;
using NetLoop.Tests.Buffers;
using NetLoop.Tests.Transports.WebSockets;
using NetLoop.Tests.Transports.WebSockets.Conformance;
using NetLoop.Transports;
using NetLoop.Transports.Streams;
using NetLoop.Transports.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Streams;

/// <summary>WebSocket connections: how they open, answer pings and close, and what happens without time or memory.</summary>
[Parallelizable]
public sealed class StreamConnectionWebSocketTests : IConnectionOwner
{
    private readonly StreamLimits _limits = new(1 << 20, 1 << 10, DialTimeout: 1_000_000_000, CloseTimeout: 5_000_000_000);
    private FakeTransport _transport = null!;
    private StreamConnection _connection = null!;
    private SocketHandle _socket;
    private (CloseReason Reason, SocketStatus Status)? _disconnected;
    private CloseReason? _badInput;
    private CloseReason? _ended;
    private int _connected;
    private bool _hasRoom;

    private LoopCounters Counters => _transport.Context.Counters;

    private string SentText => Encoding.Latin1.GetString([.. _transport.Sent!]);

    [SetUp]
    public void Begin()
    {
        _transport = new FakeTransport(maxPoolBytes: 1 << 20) { Sent = [] };
        _connection = _transport.Streams.Take();
        _socket = _transport.NewSocket();
        _disconnected = null;
        _badInput = null;
        _ended = null;
        _connected = 0;
        _hasRoom = true;
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
            Assert.That(_transport.Timers.Count, Is.Zero);
            Assert.That(_transport.Pool.OutstandingOwners(), Is.Empty);
            Assert.That(Counters.QueuedBytes, Is.Zero);
        });
    }

    [Test]
    public void Receive_PeerThatNobodyKnowsYet_IsReadInSmallPiecesAndDeliveredWhole()
    {
        OpenServer();
        _connection.MaxReceiveBytes = 3;
        long before = Counters.BytesIn;
        byte[] frame = RawWebSocket.Frame(2, [.. Enumerable.Range(0, 200).Select(i => (byte)i)]);
        for (int done = 0; done < frame.Length; done += 3)
        {
            Receive(frame[done..]);
            Assert.That(Counters.BytesIn - before, Is.EqualTo(Math.Min(done + 3, frame.Length)));
        }

        Assert.That((Counters.BodiesIn, _connection.HeldBytes), Is.EqualTo((1L, 0)));
    }

    [Test]
    public void OnTimer_NoUpgradeInTime_IsRejectedWith408()
    {
        Open();
        _transport.Advance(TimeSpan.FromTicks(99_999_999));
        Assert.That(_badInput, Is.Null);
        _transport.Advance(TimeSpan.FromTicks(1));
        Assert.That((_badInput, _connected), Is.EqualTo(((CloseReason?)CloseReason.HandshakeTimeout, 0)));
        _connection.CloseGracefully(CloseReason.HandshakeTimeout);
        Flush();
        Assert.That(SentText, Does.StartWith("HTTP/1.1 408 "));
        Assert.That(_transport.Shut, Is.EqualTo(new[] { _socket }));
    }

    [Test]
    public void OnTimer_UpgradeWaitsInTheKernel_IsServed()
    {
        Open();
        _transport.Received = RawWebSocket.Request();
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, _transport.Received.Length));
        _transport.Advance(TimeSpan.FromSeconds(10));
        Assert.That((_connected, _badInput), Is.EqualTo((1, (CloseReason?)null)));
        _transport.Advance(TimeSpan.FromSeconds(60));
        Assert.That((_badInput, _disconnected), Is.EqualTo(((CloseReason?)null, ((CloseReason, SocketStatus)?)null)));
    }

    [Test]
    public void OnTimer_HandlersHaveToCatchUpFirst_LooksAgainAfterwards()
    {
        Open();
        ReceiveScratch scratch = _transport.Context.Scratch;
        Assert.That(scratch.TryLend(scratch.Room[..ReceiveScratch.MaxLentBytes], out _), Is.True);
        _transport.Received = RawWebSocket.Request();
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, _transport.Received.Length));
        _transport.Advance(TimeSpan.FromSeconds(10));
        Assert.That((_badInput, _connected, _transport.Timers.Count), Is.EqualTo(((CloseReason?)null, 0, 1)));
        scratch.TakeBack();
        _transport.Advance(TimeSpan.FromTicks(1));
        Assert.That((_badInput, _connected), Is.EqualTo(((CloseReason?)null, 1)));
    }

    [Test]
    public void OnTimer_ServerAnswersNoUpgrade_IsAHandshakeTimeout()
    {
        DialClient();
        Flush();
        Assert.That(SentText, Does.StartWith("GET / HTTP/1.1\r\n"));
        _transport.Advance(TimeSpan.FromTicks(99_999_999));
        Assert.That(_badInput, Is.Null);
        _transport.Advance(TimeSpan.FromTicks(1));
        Assert.That((_badInput, _connected), Is.EqualTo(((CloseReason?)CloseReason.HandshakeTimeout, 0)));
    }

    [Test]
    public void Receive_ServerEndsInTheUpgrade_IsBadInputOfTheClient()
    {
        DialClient();
        ReceiveEnd();
        Assert.That((_badInput, _connected), Is.EqualTo(((CloseReason?)CloseReason.Disconnected, 0)));
    }

    [TestCase(0, CloseReason.Disconnected)]
    [TestCase(20, CloseReason.Truncated)]
    public void Receive_ClientEndsInTheUpgrade_EndsTheConnection(int bytes, CloseReason reason)
    {
        Open();
        if (bytes > 0)
        {
            Receive(RawWebSocket.Request()[..bytes]);
        }

        ReceiveEnd();
        Assert.That((_disconnected, _connected), Is.EqualTo((((CloseReason, SocketStatus)?)(reason, SocketStatus.Ok), 0)));
    }

    [Test]
    public void CloseGracefully_BeforeTheUpgrade_RefusesItWith503OrEndsTheClient()
    {
        Open();
        _connection.CloseGracefully(CloseReason.ServerStopping, "later");
        Flush();
        Assert.That(SentText, Does.StartWith("HTTP/1.1 503 ").And.EndWith("later\n").Or.EndWith("later"));
        _connection.Abort(CloseReason.Normal);
        _transport.Context.CloseDeadConnections();

        _disconnected = null;
        _connection = _transport.Streams.Take();
        _socket = _transport.NewSocket();
        DialClient();
        _connection.CloseGracefully();
        Assert.That(_disconnected, Is.EqualTo((CloseReason.Normal, SocketStatus.Ok)));
    }

    [Test]
    public void Receive_PingsInOneIteration_AnswersTheFirstAtOnceAndTheLatestInTheNext()
    {
        OpenServer();
        Receive([.. RawWebSocket.Frame(9, [1]), .. RawWebSocket.Frame(2, [7]), .. RawWebSocket.Frame(9, [2]), .. RawWebSocket.Frame(2, [7])]);
        Flush();
        Assert.That(_transport.Sent, Is.EqualTo(new byte[] { 0x8A, 1, 1 }).AsCollection);
        Counters.Iterations++;
        Flush();
        Assert.That(_transport.Sent, Is.EqualTo(new byte[] { 0x8A, 1, 1, 0x8A, 1, 2 }).AsCollection);
        Counters.Iterations++;
        Flush();
        Assert.That(_transport.Sent, Has.Count.EqualTo(6));
    }

    [Test]
    public void Receive_PingWhileThePeerDoesNotRead_IsAnsweredWhenItDoes()
    {
        OpenServer();
        Assert.That(_connection.TryAppend(new byte[100]), Is.True);
        _transport.Context.FlushDirtyConnections();
        Assert.That(_connection.IsSendBlocked, Is.True);
        int queued = _connection.QueuedBytes;
        for (byte i = 0; i < 20; i++)
        {
            Receive(RawWebSocket.Frame(9, [i]));
            Counters.Iterations++;
        }

        Assert.That(_connection.QueuedBytes, Is.EqualTo(queued), "a peer that does not read makes nothing grow");
        _connection.OnReady(Readiness.Writable);
        Flush();
        Flush();
        Assert.That(_transport.Sent![^3..], Is.EqualTo(new byte[] { 0x8A, 1, 19 }).AsCollection);
        Assert.That(_connection.QueuedBytes, Is.Zero);
    }

    [Test]
    public void Receive_NonsenseAfterThisSideClosed_EndsTheWaitForThePeersClose()
    {
        OpenServer();
        _connection.CloseGracefully(CloseReason.Kicked);
        Flush();
        Assert.That(
            (_connection.State, _transport.Shut), Is.EqualTo((ConnectionState.Draining, Array.Empty<SocketHandle>())), "the peer's close frame is to come");
        Receive([0xC2, 0x80]);
        Assert.That(_badInput, Is.Null);
        Flush();
        Assert.That((_connection.State, _transport.Shut), Is.EqualTo((ConnectionState.Lingering, new[] { _socket })));
    }

    [Test]
    public void Receive_PeersClose_IsToldOnceWithItsReasonAndEndsTheWaitForIt()
    {
        OpenServer();
        Receive(RawWebSocket.Frame(8, [0x03, 0xE9]));
        Assert.That(_ended, Is.Not.Null);
        _connection.CloseGracefully();
        Flush();
        Assert.That(_transport.Sent, Is.EqualTo(new byte[] { 0x88, 2, 0x03, 0xE9 }).AsCollection);
        Assert.That(_connection.State, Is.EqualTo(ConnectionState.Lingering));
    }

    [Test]
    public void CloseGracefully_NoMemoryForTheCloseFrame_EndsTheConnection()
    {
        OpenServer();
        Lease[] all = _transport.Pool.RentEverything();
        _connection.CloseGracefully(CloseReason.Kicked);
        Assert.That(_disconnected, Is.EqualTo((CloseReason.Evicted, SocketStatus.NoBuffers)));
        Array.ForEach(all, lease => lease.Return());
    }

    [Test]
    public void Receive_NoMemoryForAFragment_EndsTheConnectionThatHoldsMost()
    {
        OpenServer();
        byte[] frame = RawWebSocket.Frame(2, new byte[100], isFinal: false);
        Lease[] all = _transport.Pool.RentEverything();
        Receive(frame);
        Assert.That(_disconnected, Is.EqualTo((CloseReason.Evicted, SocketStatus.NoBuffers)));
        Array.ForEach(all, lease => lease.Return());
    }

    [Test]
    public void Receive_NoRoomForAMessage_PausesAndDeliversEachOnce([Values] bool inFragments)
    {
        OpenServer();
        byte[] message = inFragments ? [.. RawWebSocket.Frame(2, [1], isFinal: false), .. RawWebSocket.Frame(0, [2])] : RawWebSocket.Frame(2, [1, 2]);
        for (int occasion = 1; occasion <= 2; occasion++)
        {
            _hasRoom = false;
            Receive([.. message, .. message]);
            Assert.That((_connection.IsReadPaused, Counters.BodiesIn), Is.EqualTo((true, 2L * (occasion - 1))));
            Assert.That(_connection.HeldBytes, Is.GreaterThanOrEqualTo(message.Length + 2));
            _transport.Context.ResumePausedConnections();
            Assert.That((_connection.IsReadPaused, Counters.BodiesIn), Is.EqualTo((true, 2L * (occasion - 1))));
            _hasRoom = true;
            _transport.Context.ResumePausedConnections();
            Assert.That((_connection.IsReadPaused, _connection.HeldBytes, Counters.BodiesIn), Is.EqualTo((false, 0, 2L * occasion)));
        }
    }

    private void Open()
    {
        var webSocket = new WebSocketProtocol(
            ConformanceLimits.For(WebSocketRole.Server) with { MaxPendingPongs = 1 }, 65_536, _transport.Pool, new SystemEntropy());
        Assert.That(_connection.Open(_socket, this, new WebSocketStream(webSocket, webSocket.MaxBodyBytes), _limits), Is.EqualTo(SocketStatus.Ok));
    }

    private void OpenServer()
    {
        Open();
        Receive(RawWebSocket.Request());
        Assert.That(_connected, Is.EqualTo(1));
        Flush();
        Assert.That(SentText, Does.StartWith("HTTP/1.1 101 "));
        _transport.Sent!.Clear();
    }

    private void DialClient()
    {
        var webSocket = new WebSocketProtocol(ConformanceLimits.For(WebSocketRole.Client, "127.0.0.1:80"), 65_536, _transport.Pool, new SystemEntropy());
        Assert.That(_connection.Dial(_socket, this, new WebSocketStream(webSocket, webSocket.MaxBodyBytes), _limits), Is.EqualTo(SocketStatus.Ok));
        _transport.Connecting = SocketStatus.Ok;
        _connection.OnReady(Readiness.Writable);
    }

    /// <summary>Flushes once; the kernel accepts everything.</summary>
    private void Flush()
    {
        _transport.Sends.Enqueue(int.MaxValue);
        _transport.Context.FlushDirtyConnections();
        _transport.Sends.Clear();
    }

    private void Receive(byte[] bytes)
    {
        _transport.Received = bytes;
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, bytes.Length));
        _connection.OnReady(Readiness.Readable);
        _transport.Received = null;
    }

    private void ReceiveEnd()
    {
        _transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 0));
        _connection.OnReady(Readiness.Readable);
    }

    void ISocketEntry.OnReady(Readiness readiness)
    {
    }

    NetEndpoint IConnectionOwner.Remote => default;

    bool IConnectionOwner.TryMove(in NetEndpoint remote) => true;

    void IConnectionOwner.OnConnected() => _connected++;

    bool IConnectionOwner.OnBodies(ref BodyBatch bodies) => _hasRoom;

    void IConnectionOwner.OnBadInput(CloseReason reason, string text) => _badInput = reason;

    void IConnectionOwner.OnEndOfInput(CloseReason reason, string text)
    {
        Assert.That(_ended, Is.Null, "told once");
        _ended = reason;
    }

    void IConnectionOwner.OnSendBlocked()
    {
    }

    bool IConnectionOwner.TryPark(in ParkedConnection parked) => false;

    void IConnectionOwner.OnDisconnected(in ConnectionEnd end)
    {
        Assert.That(_disconnected, Is.Null, "told once");
        _disconnected = (end.Reason, end.Failure);
    }
}
