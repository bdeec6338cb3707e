using NetLoop.Framing;
using NetLoop.Transports;
using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Transports;

public sealed class TransportContextTests
{
    [Test]
    public void CloseDeadConnections_InterruptedAtTheSecond_ClosesEachOnce()
    {
        var transport = new FakeTransport();
        SocketHandle[] sockets = [transport.NewSocket(), transport.NewSocket(), transport.NewSocket()];
        foreach (SocketHandle socket in sockets)
        {
            StreamConnection connection = transport.Context.RentConnection();
            connection.Open(socket, new NoOwner(), new LengthPrefixFramer(1024), new StreamLimits(1024, 1, DialTimeout: 1, CloseTimeout: 1));
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

    private sealed class NoOwner : IConnectionOwner
    {
        public void OnConnected()
        {
        }

        public bool OnBodies(ref BodyRun bodies) => true;

        public void OnBadInput(CloseReason reason, string text)
        {
        }

        public void OnEndOfStream(CloseReason reason)
        {
        }

        public void OnSendBlocked()
        {
        }

        public bool TryPark(IFrameWriter framing, in ParkedSocket socket) => false;

        public void OnDisconnected(CloseReason reason, SocketStatus failure)
        {
        }
    }
}
