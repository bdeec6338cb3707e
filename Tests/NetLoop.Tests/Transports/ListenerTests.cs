using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Transports;

[Parallelizable]
public sealed class ListenerTests : IAcceptor
{
    private readonly List<SocketHandle> _accepted = [];
    private FakeTransport _transport = null!;
    private Listener _listener = null!;
    private SocketHandle _socket;
    private int _room;

    public bool HasRoom => _accepted.Count < _room;

    public void OnAccepted(SocketHandle ownedSocket, in NetEndpoint remote) => _accepted.Add(ownedSocket);

    [SetUp]
    public void Listen()
    {
        _accepted.Clear();
        _room = int.MaxValue;
        _transport = new FakeTransport();
        _socket = _transport.NewSocket();
        Assert.That(
            Listener.TryRegister(_transport.Context, this, _socket, NetEndpoint.Tcp("127.0.0.1", 1), out Listener? listener), Is.EqualTo(SocketStatus.Ok));
        _listener = listener!;
    }

    [Test]
    public void OnReady_MoreThanSixteenWaiting_LeavesTheRestForTheNextIteration()
    {
        Waiting(40, SocketStatus.Ok);
        _listener.OnReady(Readiness.Readable);
        Assert.That(_accepted, Has.Count.EqualTo(16));
        _listener.OnReady(Readiness.Readable);
        _listener.OnReady(Readiness.Readable);
        Assert.That(_accepted, Has.Count.EqualTo(40));
    }

    [Test]
    public void OnReady_OneClientIsGone_AcceptsTheNext(
        [Values(SocketStatus.ConnectionAborted, SocketStatus.ProtocolError, SocketStatus.Interrupted, SocketStatus.AccessDenied)] SocketStatus gone)
    {
        Waiting(1, gone);
        Waiting(1, SocketStatus.Ok);
        _listener.OnReady(Readiness.Readable);
        Assert.That(_accepted, Has.Count.EqualTo(1));
    }

    [TestCase(SocketStatus.InvalidCall)]
    [TestCase(SocketStatus.Other)]
    [TestCase(SocketStatus.WouldBlock)]
    public void OnReady_AcceptFailsOtherwise_LeavesTheRestForTheNextIteration(SocketStatus status)
    {
        Waiting(1, SocketStatus.Ok);
        Waiting(1, status);
        Waiting(1, SocketStatus.Ok);
        _listener.OnReady(Readiness.Readable);
        Assert.That((_accepted.Count, _transport.Context.Counters.AcceptsStarved, _transport.Timers.Count), Is.EqualTo((1, 0L, 0)));
        _listener.OnReady(Readiness.Readable);
        Assert.That(_accepted, Has.Count.EqualTo(2));
    }

    [Test]
    public void OnReady_NothingButGoneClients_IsBounded()
    {
        Waiting(1000, SocketStatus.ConnectionAborted);
        _listener.OnReady(Readiness.Readable);
        Assert.That(_transport.AcceptCalls, Is.EqualTo(16));
    }

    [TestCase(SocketStatus.TooManyFiles)]
    [TestCase(SocketStatus.NoBuffers)]
    public void OnReady_NoDescriptors_AsksAFewTimesASecondAndRecovers(SocketStatus shortage)
    {
        Waiting(1000, shortage);
        for (int millisecond = 0; millisecond < 10_000; millisecond++)
        {
            // A level-triggered poller reports the pending connection in every iteration, as long as the listener is registered for it.
            if (_transport.Interests[_socket] == Interest.Readable)
            {
                _listener.OnReady(Readiness.Readable);
            }

            _transport.Advance(TimeSpan.FromMilliseconds(1));
        }

        // After 5, 10, 20, 40, 80, 160, 320, 640 ms, then each second.
        Assert.That(_transport.AcceptCalls, Is.InRange(16, 18));
        Assert.That(_listener.Starved, Is.EqualTo(_transport.AcceptCalls));

        _transport.Accepts.Clear();
        Waiting(1, SocketStatus.Ok);
        _transport.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable), "it does not listen again within a second");
        _listener.OnReady(Readiness.Readable);
        Assert.That(_accepted, Has.Count.EqualTo(1));

        // The next shortage begins with the short pause.
        Waiting(1, shortage);
        _listener.OnReady(Readiness.Readable);
        _transport.Advance(TimeSpan.FromMilliseconds(6));
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
    }

    [Test]
    public void OnTimer_PollerCannotWatch_ListensWhenItCan()
    {
        Waiting(1, SocketStatus.NoBuffers);
        _listener.OnReady(Readiness.Readable);
        _transport.PollerStatus = SocketStatus.NoBuffers;
        _transport.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));
        Assert.That(_transport.Timers.Count, Is.EqualTo(1));
        _transport.PollerStatus = SocketStatus.Ok;
        _transport.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
    }

    [Test]
    public void OnReady_PollerCouldNotBeSilenced_IsToldAgain()
    {
        Waiting(1, SocketStatus.NoBuffers);
        _transport.PollerStatus = SocketStatus.NoBuffers;
        _listener.OnReady(Readiness.Readable);
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
        _transport.PollerStatus = SocketStatus.Ok;
        _listener.OnReady(Readiness.Readable);
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));
        Assert.That(_transport.AcceptCalls, Is.EqualTo(1), "it still waits");
    }

    [Test]
    public void ResumeIfRoom_DuringABackOff_DoesNotEndIt()
    {
        Waiting(1, SocketStatus.TooManyFiles);
        _listener.OnReady(Readiness.Readable);
        _listener.ResumeIfRoom();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));
    }

    [Test]
    public void ResumeIfRoom_ConnectionHasClosed_EndsAWaitForDescriptorsOnly()
    {
        Waiting(1, SocketStatus.TooManyFiles);
        Waiting(1, SocketStatus.NoBuffers);
        _listener.OnReady(Readiness.Readable);
        _transport.Context.Counters.ConnectionsClosed++;
        _listener.ResumeIfRoom();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
        Assert.That(_transport.Timers.Count, Is.Zero);

        _listener.OnReady(Readiness.Readable);
        _transport.Context.Counters.ConnectionsClosed++;
        _listener.ResumeIfRoom();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));
    }

    [Test]
    public void OnReady_SpuriouslyDuringABackOff_BeginsNoSecondOne()
    {
        Waiting(2, SocketStatus.TooManyFiles);
        _listener.OnReady(Readiness.Readable);
        _listener.OnReady(Readiness.Readable);
        Assert.That(_listener.Starved, Is.EqualTo(1));
        Assert.That(_transport.Timers.Count, Is.EqualTo(1));
        _listener.Close();
        Assert.That(_transport.Timers.Count, Is.Zero);
    }

    [Test]
    public void OnReady_ServerIsFull_WaitsForRoom()
    {
        _room = 3;
        Waiting(10, SocketStatus.Ok);
        _listener.OnReady(Readiness.Readable);
        Assert.That(_accepted, Has.Count.EqualTo(3));
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));
        _listener.ResumeIfRoom();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.None));
        _room = 5;
        _listener.ResumeIfRoom();
        Assert.That(_transport.Interests[_socket], Is.EqualTo(Interest.Readable));
        _listener.OnReady(Readiness.Readable);
        Assert.That(_accepted, Has.Count.EqualTo(5));
    }

    [Test]
    public void Close_DuringABackOff_LeavesNoTimerAndNoSocket()
    {
        Waiting(1, SocketStatus.TooManyFiles);
        _listener.OnReady(Readiness.Readable);
        _listener.Close();
        Assert.Multiple(() =>
        {
            Assert.That(_transport.Timers.Count, Is.Zero);
            Assert.That(_transport.Interests, Is.Empty);
            Assert.That(_transport.Closed, Is.EqualTo(new[] { _socket }));
            Assert.That(_transport.Context.Sockets.Count, Is.Zero);
        });
    }

    [Test]
    public void Close_MoreThanOnce_ClosesOnceAndAcceptsNothingMore()
    {
        for (int i = 0; i < 3; i++)
        {
            _listener.Close();
        }

        Assert.That(_transport.Closed, Is.EqualTo(new[] { _socket }));
        Assert.That(_transport.Reset, Is.Empty);
        Assert.That(_transport.Context.Listeners, Is.Empty);
        Waiting(1, SocketStatus.Ok);
        _transport.Context.AcceptPending();
        Assert.That(_transport.AcceptCalls, Is.Zero);
    }

    [Test]
    public void TryRegister_PollerCannotWatch_LeavesNothingBehind()
    {
        _transport.PollerStatus = SocketStatus.NoBuffers;
        SocketStatus status = Listener.TryRegister(_transport.Context, this, _transport.NewSocket(), NetEndpoint.Tcp("127.0.0.1", 2), out Listener? listener);
        Assert.That((status, listener), Is.EqualTo((SocketStatus.NoBuffers, (Listener?)null)));
        Assert.That(_transport.Context.Listeners, Is.EqualTo(new[] { _listener }));
        Assert.That((_transport.Context.Sockets.Count, _transport.Closed), Is.EqualTo((1, Array.Empty<SocketHandle>())), "the caller closes it");
    }

    [Test]
    public void OnReady_EachAccepted_IsCountedAndNobodyElse()
    {
        Waiting(2, SocketStatus.Ok);
        Waiting(1, SocketStatus.ConnectionAborted);
        Waiting(1, SocketStatus.Ok);
        _listener.OnReady(Readiness.Readable);
        Assert.That(_transport.Context.Counters.Accepts, Is.EqualTo(3));
        Waiting(1, SocketStatus.TooManyFiles);
        _listener.OnReady(Readiness.Readable);
        Assert.That((_transport.Context.Counters.Accepts, _transport.Context.Counters.AcceptsStarved, _listener.Starved), Is.EqualTo((3L, 1L, 1L)));
    }

    private void Waiting(int count, SocketStatus status)
    {
        for (int i = 0; i < count; i++)
        {
            _transport.Accepts.Enqueue(status);
        }
    }
}
