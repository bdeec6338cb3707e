using NetLoop.Framing;
using NetLoop.Transports;
using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Transports;

public sealed class ConnectionSetTests
{
    private static readonly FramedProtocol Protocol = new(new LengthPrefixFramer(1024), isStateless: true);
    private static readonly StreamLimits Limits = new(1024, 1, DialTimeout: 1, CloseTimeout: 1);

    [Test]
    public void TakeUnread_LessRoomThanConnections_KeepsTheRestInOrder()
    {
        var transport = new FakeTransport();
        Token[] tokens = [.. Enumerable.Range(1, 5).Select(slot => new Token(slot, 1))];
        foreach (Token token in tokens)
        {
            transport.Context.MarkUnread(token);
        }

        var events = new ReadyEvent[3];
        Assert.That(transport.Context.TakeUnread(events), Is.EqualTo(3));
        Assert.That(events.Select(ready => ready.Token), Is.EqualTo(tokens[..3]));
        Assert.That(transport.Context.HasUnread, Is.True);
        Assert.That(transport.Context.TakeUnread(events), Is.EqualTo(2));
        Assert.That(events[..2].Select(ready => ready.Token), Is.EqualTo(tokens[3..]));
        Assert.That(transport.Context.HasUnread, Is.False);
    }

    [Test]
    public void CloseDeadConnections_InterruptedAtTheSecond_ClosesEachOnce()
    {
        var transport = new FakeTransport();
        SocketHandle[] sockets = [transport.NewSocket(), transport.NewSocket(), transport.NewSocket()];
        foreach (SocketHandle socket in sockets)
        {
            StreamConnection connection = transport.Streams.Take();
            connection.Open(socket, new NoOwner(), Protocol, Limits);
            connection.Abort(CloseReason.Normal);
        }

        transport.OnRemove = socket =>
        {
            if (socket == sockets[1])
            {
                transport.OnRemove = null;
                throw new ThreadInterruptedException("thrown by a test");
            }
        };
        Assert.That(transport.Context.CloseDeadConnections, Throws.TypeOf<ThreadInterruptedException>());
        transport.Context.CloseDeadConnections();
        Assert.That(transport.Closed, Is.EqualTo(sockets));
        Assert.That(transport.Context.ConnectionCount, Is.Zero);
        Assert.That(transport.Context.Counters.ConnectionsClosed, Is.EqualTo(3));
    }

    [Test]
    public void ParkQuietConnections_ManyTakenAtOnce_LooksAtEachOnceAndThenAtFew()
    {
        var transport = new FakeTransport(maxActiveConnections: 1);
        var owner = new NoOwner();
        StreamConnection[] connections = [.. Enumerable.Range(0, 20).Select(_ => Open(transport, owner))];
        transport.Context.ParkQuietConnections();
        Assert.That(owner.Asked, Is.EqualTo(24), "one for each that was taken, and four");
        owner.IsParked = true;
        for (int call = 1; call <= 4; call++)
        {
            transport.Context.ParkQuietConnections();
            Assert.That(owner.Parked, Has.Count.EqualTo(4 * call), "nothing was taken since");
        }

        transport.Context.ParkQuietConnections();
        transport.Context.ParkQuietConnections();
        Assert.That(owner.Parked, Has.Count.EqualTo(19), "as many as are allowed stay");

        // Connections that are unparked count as taken, and are read in the same iteration.
        List<ParkedConnection> parked = [.. owner.Parked[..10]];
        owner.Parked.Clear();
        foreach (ParkedConnection socket in parked)
        {
            StreamConnection again = transport.Streams.Take();
            Assert.That(connections, Has.Member(again), "no object is made while others are free");
            again.Resume(socket, owner, Protocol, Limits);
        }

        transport.Advance(TimeSpan.FromSeconds(1));
        transport.Context.ParkQuietConnections();
        Assert.That(owner.Parked, Has.Count.EqualTo(10));
        Assert.That(transport.Context.ConnectionCount, Is.EqualTo(20), "parked ones included");
    }

    [Test]
    public void FlushDirtyConnections_TimeIsOver_ServesAFewAndTheOthersFirstNextTime()
    {
        var transport = new FakeTransport();
        StreamConnection[] connections = [.. Enumerable.Range(0, 20).Select(_ => Open(transport, new NoOwner()))];
        Array.ForEach(connections, connection => connection.TryAppend([1]));
        FlushUntil(0);
        Assert.That(transport.Context.DirtyCount, Is.EqualTo(13));
        Assert.That(connections[..7].All(connection => connection.QueuedBytes == 0), Is.True);
        Assert.That(connections[7..].All(connection => connection.QueuedBytes > 0), Is.True);
        connections[0].TryAppend([2]);
        FlushUntil(0);
        Assert.That(connections[7..14].All(connection => connection.QueuedBytes == 0), Is.True, "those left over come first");
        Assert.That(transport.Context.DirtyCount, Is.EqualTo(7));
        FlushUntil(1);
        Assert.That((transport.Context.DirtyCount, transport.Context.Counters.QueuedBytes), Is.EqualTo((0, 0L)));

        void FlushUntil(long until)
        {
            for (int i = 0; i < 20; i++)
            {
                transport.Sends.Enqueue(int.MaxValue);
            }

            transport.Context.FlushDirtyConnections(until);
            transport.Sends.Clear();
        }
    }

    private static StreamConnection Open(FakeTransport transport, IConnectionOwner owner)
    {
        StreamConnection connection = transport.Streams.Take();
        Assert.That(connection.Open(transport.NewSocket(), owner, Protocol, Limits), Is.EqualTo(SocketStatus.Ok));
        return connection;
    }

    private sealed class NoOwner : IConnectionOwner
    {
        public NetEndpoint Remote => default;

        public bool TryMove(in NetEndpoint remote) => true;

        /// <summary>How often it could have released a connection.</summary>
        public int Asked { get; private set; }

        public bool IsParked { get; set; }

        public List<ParkedConnection> Parked { get; } = [];

        public void OnReady(Readiness readiness)
        {
        }

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

        public bool TryPark(in ParkedConnection parked)
        {
            Asked++;
            if (IsParked)
            {
                Parked.Add(parked);
            }

            return IsParked;
        }

        public void OnDisconnected(in ConnectionEnd end)
        {
        }
    }
}
