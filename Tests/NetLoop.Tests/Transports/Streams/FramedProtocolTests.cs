using System.Buffers.Binary;
using NetLoop.Framing;
using NetLoop.Transports;
using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Streams;

[Parallelizable]
public sealed class FramedProtocolTests
{
    private const int Piece = 1024;

    [Test]
    public void TryMakeRoom_FrameThatNoBlockOfThePoolCanHold_IsTooLarge()
    {
        // A block of 1 MiB fits into the pool; one of 4 MiB never does, even if others are evicted.
        var transport = new FakeTransport(maxPoolBytes: 1_792 << 10);
        var owner = new Owner();
        StreamConnection connection = transport.Streams.Take();
        var limits = new StreamLimits(1_000, 5, DialTimeout: 1, CloseTimeout: 1);
        Assert.That(connection.Open(transport.NewSocket(), owner, new FramedProtocol(new LengthPrefixFramer(4 << 20)), limits), Is.EqualTo(SocketStatus.Ok));
        BinaryPrimitives.WriteInt32BigEndian(transport.Context.Scratch.Room, 4 << 20);
        transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, 60 * Piece));
        connection.OnReady(Readiness.Readable);

        transport.Received = new byte[Piece];
        for (int piece = 60; piece < 1023; piece++)
        {
            transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, Piece));
            connection.OnReady(Readiness.Readable);
        }

        Assert.That((connection.HeldBytes, owner.BadInput, owner.End), Is.EqualTo((1023 * Piece, default(CloseReason?), default(CloseReason?))));
        transport.Receives.Enqueue(new SocketResult(SocketStatus.Ok, Piece));
        connection.OnReady(Readiness.Readable);
        Assert.That((owner.BadInput, owner.End), Is.EqualTo(((CloseReason?)CloseReason.FrameTooLarge, default(CloseReason?))));

        connection.Abort(CloseReason.FrameTooLarge);
        transport.Context.CloseDeadConnections();
        Assert.That(transport.Pool.OutstandingOwners(), Is.Empty);
    }

    private sealed class Owner : IConnectionOwner
    {
        public NetEndpoint Remote => default;

        public bool TryMove(in NetEndpoint remote) => true;

        public CloseReason? BadInput { get; private set; }

        public CloseReason? End { get; private set; }

        public void OnReady(Readiness readiness)
        {
        }

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

        public void OnDisconnected(in ConnectionEnd end) => End = end.Reason;
    }
}
