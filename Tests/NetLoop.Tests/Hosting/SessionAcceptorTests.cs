using NetLoop.Messaging;
using NetLoop.Tests.Transports;
using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Which connections are accepted or rejected, and how, on a server whose loop and sockets the test controls.</summary>
public sealed class SessionAcceptorTests
{
    private const int RejectionReserve = 32;
    private const int RuntimeReserve = 64;

    private FakeTransport _stack = null!;
    private CollectingLoggerFactory _log = null!;
    private ManualTimeProvider _time = null!;
    private NetServer _server = null!;

    private LoopCounters Counters => _server.Core.Counters;

    private int Connections => _server.Core.Transport.ConnectionCount;

    [SetUp]
    public void Clear()
    {
        _stack = new FakeTransport();
        _log = new CollectingLoggerFactory();
        _time = new ManualTimeProvider();
    }

    [TearDown]
    public async Task StopServer()
    {
        await _server.DisposeAsync();
        Assert.That((Connections, _server.Core.Transport.Timers.Count, _server.Core.Pool.Statistics.RentedLeases), Is.EqualTo((0, 0, 0L)));
    }

    [Test]
    public void HasRoom_RefusedOnesStay_IsWhileTheirNumberIsLimited()
    {
        Start(maxConnections: 2);
        Accept(2);
        Assert.That((Connections, Counters.ConnectionsRejected), Is.EqualTo((2, 0L)));
        Accept(100);
        Assert.That((Connections, Counters.ConnectionsRejected), Is.EqualTo((2 + RejectionReserve, (long)RejectionReserve)), "the others wait in the kernel");
        Assert.That(_stack.Reset, Is.Empty);
        Assert.That(_stack.Accepts, Has.Count.EqualTo(100 - RejectionReserve));
        Assert.That(_stack.Interests.Values.Count(interest => interest == Interest.None), Is.EqualTo(1), "the listener");
        _server.Core.Transport.Connections[^1].Abort(CloseReason.Normal);
        _server.Core.RunIteration();
        Assert.That(Connections, Is.EqualTo(1 + RejectionReserve));
        Assert.That(_stack.Interests.Values, Has.No.Member(Interest.None), "it listens again");
        Accept(0);
        Assert.That(Connections, Is.EqualTo(1 + RejectionReserve), "the next is refused for good: there were many goodbyes");
        Assert.That(_stack.Reset, Has.Count.EqualTo(1 + 100 - RejectionReserve));
    }

    [Test]
    public void HasRoom_InboxIsFull_WaitsUntilHandlersHaveCaughtUp()
    {
        Start(configure: o => o.MaxInboxMessages = 1);
        _server.Core.Inbox.Add(new NoWork());
        Accept(1);
        Assert.That(Connections, Is.Zero);
        _server.Core.RunIteration();
        Accept(0);
        Assert.That(Connections, Is.EqualTo(1));
    }

    [Test]
    public void Reject_GoodbyesAreUsedUp_CutsOffUntilThereAreNewOnes()
    {
        Start(maxConnections: 1);
        Accept(1);
        Connection inside = _server.Core.Transport.Connections[0];
        int[] said = [RejectionReserve, 0, 7, 0];
        foreach (int goodbyes in said)
        {
            int cut = _stack.Reset.Count;
            for (int i = 0; i < 5; i++)
            {
                Accept(10);
                AbortAllBut(inside);
            }

            // The test resets the connections that got a Goodbye, so that each rejected one counts once.
            Assert.That(_stack.Reset.Count - cut, Is.EqualTo(50));
            Assert.That(_told, Is.EqualTo(goodbyes));
            _told = 0;
            if (goodbyes == 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1)); // 32 in the close timeout of 5 s: 6.4 a second, and the last one is given on credit.
                _server.Core.RunIteration();
            }
        }

        Assert.That(Counters.ConnectionsRejected, Is.EqualTo(200));
    }

    [Test]
    public void Reject_Many_IsOneLineIn5Seconds()
    {
        Start(maxConnections: 1);
        Accept(4);
        Assert.That(Lines(), Is.EqualTo(new[] { "Connection from 192.0.2.1:40000 rejected: ServerFull." }));
        Advance(seconds: 5);
        Accept(1);
        Assert.That(Lines(), Has.Count.EqualTo(2));
        Assert.That(Lines()[1], Does.EndWith("(2 similar messages suppressed)"));
    }

    [TestCase(RuntimeReserve + RejectionReserve, 1, 0, 0)]
    [TestCase(RuntimeReserve + RejectionReserve - 1, 1, 1, 0)]
    [TestCase(RuntimeReserve, 1, 1, 0)]
    [TestCase(RuntimeReserve - 1, 0, 1, 1)]
    public void Accept_FewDescriptorsLeft_RefusesAndBelowTheReserveCutsOff(int left, int connections, int refused, int cut)
    {
        Start();
        _stack.Left = left;
        Accept(1);
        Assert.That((Connections, Counters.ConnectionsRejected, _stack.Reset.Count), Is.EqualTo((connections, (long)refused, cut)));
        Assert.That(_server.Core.Services.Sessions.Count, Is.EqualTo(refused == 0 ? 1 : 0));
    }

    [Test]
    public void Accept_MoreFromOneAddress_RefusesUntilOneLeaves()
    {
        Start(listen: o => o.MaxConnectionsPerAddress = 2);
        Accept(3);
        Assert.That((Counters.ConnectionsRejected, _server.Core.Services.Sessions.Count), Is.EqualTo((1L, 2)));
        Assert.That(Lines(), Is.EqualTo(new[] { "Connection from 192.0.2.1:40000 rejected: RateLimited." }));
        _stack.Remote = NetEndpoint.Tcp("192.0.2.2", 1);
        Accept(1);
        Assert.That(_server.Core.Services.Sessions.Count, Is.EqualTo(3));
        _stack.Remote = NetEndpoint.Tcp("192.0.2.1", 2);
        for (int round = 0; round < 3; round++)
        {
            _server.Core.Services.Sessions.All.First(session => session.Remote.WithPort(0) == _stack.Remote.WithPort(0)).Abort(CloseReason.Normal);
            Accept(1);
            Assert.That((Counters.ConnectionsRejected, _server.Core.Services.Sessions.Count), Is.EqualTo((1L + round, 3)));
            Accept(1);
            Assert.That((Counters.ConnectionsRejected, _server.Core.Services.Sessions.Count), Is.EqualTo((2L + round, 3)));
        }
    }

    [Test]
    public void Accept_PollerCannotWatch_LeavesNothingAndTakesNoPlace()
    {
        Start(listen: o => o.MaxConnectionsPerAddress = 1);
        _stack.PollerStatus = SocketStatus.NoBuffers;
        Accept(3);
        Assert.That((Connections, _server.Opening.Count, _server.Core.Services.Sessions.Count, Counters.ConnectionsRejected), Is.EqualTo((0, 0, 0, 0L)));
        Assert.That(_stack.Reset, Has.Count.EqualTo(3));
        Assert.That(Counters.ClosedByReason[(int)CloseReason.TransportError], Is.EqualTo(3));
        _stack.PollerStatus = SocketStatus.Ok;
        Accept(1);
        Assert.That((Connections, _server.Opening.Count, Counters.ConnectionsRejected), Is.EqualTo((1, 1, 0L)));
    }

    [Test]
    public void Accept_TooManyOpening_EndsTheOldest()
    {
        Start(configure: o => o.MaxOpeningConnections = 2);
        Accept(2);
        Session oldest = _server.Core.Services.Sessions.All[0];
        Accept(1);
        Assert.That((_server.Opening.Count, oldest.Status), Is.EqualTo((2, SessionStatus.Closed)));
        Assert.That(Counters.ClosedByReason[(int)CloseReason.ServerFull], Is.EqualTo(1));
    }

    [Test]
    public void Accept_WithoutHello_IsOpenAtOnceAndNumbered()
    {
        List<Session> opened = [];
        Start(listen: o => o.Hello = HelloMode.None);
        _server.OnOpened(opened.Add);
        Accept(3);
        Assert.That((_server.Opening.Count, _server.Everyone.Count), Is.EqualTo((0, 3)));
        _server.Core.RunIteration();
        Assert.That(opened.Select(session => session.Id), Is.EqualTo(new[] { 1UL, 2UL, 3UL }));
        opened[1].Abort(CloseReason.Normal);
        Assert.That(_server.Everyone.Count, Is.EqualTo(2));
    }

    private int _told;

    private void Start(int maxConnections = 100, Action<ListenOptions>? listen = null, Action<NetServerOptions>? configure = null)
    {
        _told = 0;
        _server = NetServer.Create(o =>
        {
            o.TimeProvider = _time;
            o.Stack = _stack;
            o.LoggerFactory = _log;
            o.MaxConnections = maxConnections;
            o.ListenTcp("127.0.0.1", 1, listener =>
            {
                listener.MaxConnectionsPerAddress = 1_000;
                listener.MaxNewConnectionsPerAddress = 1_000;
                listen?.Invoke(listener);
            });
            configure?.Invoke(o);
        });
        _server.Open();
    }

    /// <summary>Adds connections that wait at the listener; it accepts as many as it has room for.</summary>
    private void Accept(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _stack.Accepts.Enqueue(SocketStatus.Ok);
        }

        for (int i = 0; i < 20; i++)
        {
            _server.Core.Transport.AcceptPending();
        }
    }

    private void AbortAllBut(Connection inside)
    {
        foreach (Connection connection in _server.Core.Transport.Connections.Where(one => one != inside).ToArray())
        {
            _told++;
            connection.Abort(CloseReason.Normal);
        }

        _server.Core.Transport.CloseDeadConnections();
    }

    private void Advance(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _server.Core.RunIteration();
        }
    }

    private List<string> Lines() => [.. _log.Lines.Where(line => line.Id == 1005).Select(line => line.Text)];

    private sealed class NoWork : Envelope
    {
        public override void Deliver()
        {
        }

        public override void Discard()
        {
        }
    }
}
