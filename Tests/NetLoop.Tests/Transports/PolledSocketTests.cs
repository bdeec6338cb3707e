using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Transports;

/// <summary>A socket in the table and in the poller: the state of both after every step.</summary>
public sealed class PolledSocketTests
{
    private readonly Entry _entry = new();
    private readonly Entry _keeper = new();
    private FakeTransport _transport = null!;
    private PolledSocket _socket;

    private ConnectionSet Set => _transport.Context;

    [SetUp]
    public void Create()
    {
        _transport = new FakeTransport();
        _socket = new PolledSocket();
    }

    [Test]
    public void Register_PollerWatches_IsFoundUnderItsToken([Values] bool isListener)
    {
        SocketHandle handle = Register(Interest.Readable, isListener);
        Assert.That((_socket.Handle, _socket.WatchedInterest, _socket.IsWaitingForInput), Is.EqualTo((handle, Interest.Readable, true)));
        Assert.That((Set.Sockets.Find(_socket.Token), Set.Sockets.IsListener(_socket.Token)), Is.EqualTo(((ISocketEntry?)_entry, isListener)));
        Assert.That(_transport.Interests[handle], Is.EqualTo(Interest.Readable));
    }

    [Test]
    public void Register_PollerCannotWatch_LeavesNothing()
    {
        _transport.PollerStatus = SocketStatus.NoBuffers;
        Assert.That(_socket.Register(Set, _entry, _transport.NewSocket(), Interest.Readable), Is.EqualTo(SocketStatus.NoBuffers));
        Assert.That((_socket.Handle, _socket.WatchedInterest, Set.Sockets.Count), Is.EqualTo((SocketHandle.None, Interest.None, 0)));
        _transport.PollerStatus = SocketStatus.Ok;
        Register(Interest.Writable);
        Assert.That((_socket.WatchedInterest, _socket.IsWaitingForInput, Set.Sockets.Count), Is.EqualTo((Interest.Writable, false, 1)));
    }

    [Test]
    public void SetInterest_Changes_AreToldThePoller()
    {
        SocketHandle handle = Register(Interest.Readable);
        foreach (Interest interest in new[] { Interest.Writable, Interest.None, Interest.Readable | Interest.Writable, Interest.Readable })
        {
            Assert.That(_socket.SetInterest(Set, interest), Is.EqualTo(SocketStatus.Ok));
            Assert.That((_transport.Interests[handle], _socket.WatchedInterest), Is.EqualTo((interest, interest)));
            Assert.That(_socket.IsWaitingForInput, Is.EqualTo(interest == Interest.Readable));
        }
    }

    [Test]
    public void SetInterest_Unchanged_AsksNobody()
    {
        Register(Interest.Readable);
        _transport.PollerStatus = SocketStatus.NoBuffers;
        Assert.That(_socket.SetInterest(Set, Interest.Readable), Is.EqualTo(SocketStatus.Ok));
    }

    [Test]
    public void SetInterest_PollerRefuses_KeepsTheFormerAndTriesAgain()
    {
        SocketHandle handle = Register(Interest.Readable);
        _transport.PollerStatus = SocketStatus.NoBuffers;
        for (int i = 0; i < 2; i++)
        {
            Assert.That(_socket.SetInterest(Set, Interest.Writable), Is.EqualTo(SocketStatus.NoBuffers));
            Assert.That((_socket.WatchedInterest, _transport.Interests[handle]), Is.EqualTo((Interest.Readable, Interest.Readable)));
        }

        _transport.PollerStatus = SocketStatus.Ok;
        Assert.That(_socket.SetInterest(Set, Interest.Writable), Is.EqualTo(SocketStatus.Ok));
        Assert.That(_transport.Interests[handle], Is.EqualTo(Interest.Writable));
    }

    [Test]
    public void Detach_ThenAnInterest_IsWatchedAgain()
    {
        SocketHandle handle = Register(Interest.Readable);
        for (int round = 0; round < 2; round++)
        {
            _socket.Detach(Set);
            _socket.Detach(Set);
            Assert.That(_transport.Interests, Is.Empty);
            Assert.That((_socket.WatchedInterest, _socket.Handle), Is.EqualTo((Interest.None, handle)));
            Assert.That(Set.Sockets.Find(_socket.Token), Is.SameAs(_entry), "only the poller has let it go");
            Assert.That(_socket.SetInterest(Set, Interest.None), Is.EqualTo(SocketStatus.Ok));
            Assert.That(_transport.Interests, Is.Empty, "no reason to come back");
            _transport.PollerStatus = SocketStatus.NoBuffers;
            Assert.That(_socket.SetInterest(Set, Interest.Readable), Is.EqualTo(SocketStatus.NoBuffers));
            Assert.That(_socket.IsWaitingForInput, Is.False);
            _transport.PollerStatus = SocketStatus.Ok;
            Assert.That(_socket.SetInterest(Set, Interest.Readable), Is.EqualTo(SocketStatus.Ok));
            Assert.That((_transport.Interests[handle], _socket.IsWaitingForInput), Is.EqualTo((Interest.Readable, true)));
        }
    }

    [Test]
    public void HandOver_AndTakeOver_KeepsTokenAndDescriptorInThePoller()
    {
        SocketHandle handle = Register(Interest.Readable);
        Token token = _socket.Token;
        for (int round = 0; round < 2; round++)
        {
            _socket.HandOver(Set, _entry, _keeper);
            Assert.That((_socket.Handle, _socket.WatchedInterest, _socket.IsWaitingForInput), Is.EqualTo((SocketHandle.None, Interest.None, false)));
            Assert.That((Set.Sockets.Find(token), _transport.Interests[handle]), Is.EqualTo(((ISocketEntry?)_keeper, Interest.Readable)));
            Assert.That(() => Register(Interest.Readable), Throws.Nothing, "the object serves another");
            _socket.Unregister(Set, reset: false);
            _socket = new PolledSocket();
            _socket.TakeOver(Set, handle, token, _keeper, _entry);
            Assert.That((_socket.Handle, _socket.Token, _socket.IsWaitingForInput), Is.EqualTo((handle, token, true)));
            Assert.That(Set.Sockets.Find(token), Is.SameAs(_entry));
        }
    }

    [TestCase(Interest.None)]
    [TestCase(Interest.Writable)]
    [TestCase(Interest.Readable | Interest.Writable)]
    public void HandOver_NotWaitingForInputAlone_IsABug(Interest interest)
    {
        Register(interest);
        Assert.That(() => _socket.HandOver(Set, _entry, _keeper), Throws.TypeOf<InvariantViolationException>());
    }

    [Test]
    public void Unregister_WatchedOrNot_LeavesNothing([Values] bool reset, [Values] bool isDetached)
    {
        SocketHandle handle = Register(Interest.Readable);
        Token token = _socket.Token;
        if (isDetached)
        {
            _socket.Detach(Set);
        }

        _socket.Unregister(Set, reset);
        Assert.That(
            (_socket.Handle, _socket.WatchedInterest, Set.Sockets.Find(token), Set.Sockets.Count),
            Is.EqualTo((SocketHandle.None, Interest.None, (ISocketEntry?)null, 0)));
        Assert.That(_transport.Interests, Is.Empty);
        Assert.That(_transport.Closed, Is.EqualTo(new[] { handle }));
        Assert.That(_transport.Reset, Has.Count.EqualTo(reset ? 1 : 0));
    }

    private SocketHandle Register(Interest interest, bool isListener = false)
    {
        SocketHandle handle = _transport.NewSocket();
        Assert.That(_socket.Register(Set, _entry, handle, interest, isListener), Is.EqualTo(SocketStatus.Ok));
        return handle;
    }

    private sealed class Entry : ISocketEntry
    {
        public void OnReady(Readiness readiness)
        {
        }
    }
}
