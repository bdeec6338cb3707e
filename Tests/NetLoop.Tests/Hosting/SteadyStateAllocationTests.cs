using NetLoop.Messaging;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>The loop thread allocates nothing for a message, once it is warm.</summary>
public sealed class SteadyStateAllocationTests
{
    [Test]
    public void Echo_PlayerMoveWithHandlersOnTheLoop_AllocatesNothingPerMessage()
    {
        TestHost.SkipUnlessAvailable(PollerKind.Epoll);
        // Server and client share the test's thread: it runs the server's iterations and is the client's kernel socket in between.
        using var peer = new EchoPair();
        peer.Echo(messages: 20_000);

        // The runtime itself may allocate now and then on any thread, for code it replaces; several batches tell that from a cost per message.
        long least = long.MaxValue;
        for (int batch = 0; batch < 5; batch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            peer.Echo(messages: 2_000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
    }

    /// <summary>A server whose loop the test drives, and one raw connection to it.</summary>
    private sealed class EchoPair : IDisposable
    {
        private readonly NetServer _server;
        private readonly INetworkStack _stack = NetworkStack.CreateDefault(PollerKind.Epoll);
        private readonly SocketHandle _socket;
        private readonly byte[] _frame = GC.AllocateArray<byte>(35, pinned: true);
        private readonly byte[] _answer = new byte[35];

        public EchoPair()
        {
            // Without the poisoning of the diagnostic pool: it keeps owners' names, which is an allocation of its own.
            _server = NetServer.Create(o =>
            {
                o.TickRate = 0;
                o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None);
            });
            _server.On<PlayerMove>((session, in move) => session.Send(move));
            _server.Open();
            SocketStatus status = _stack.Connect(_server.Endpoints[0], out _socket);
            Assert.That(status, Is.EqualTo(SocketStatus.Ok).Or.EqualTo(SocketStatus.InProgress));
            WriteFrame();
        }

        public void Echo(int messages)
        {
            Span<SendSegment> segments = [new SendSegment(_frame)];
            for (int i = 0; i < messages; i++)
            {
                SocketResult sent = _stack.Send(_socket, segments);
                while (sent.Status == SocketStatus.WouldBlock)
                {
                    _server.Core.RunIteration();
                    sent = _stack.Send(_socket, segments);
                }

                int received = 0;
                while (received < _answer.Length)
                {
                    _server.Core.RunIteration();
                    SocketResult result = _stack.Receive(_socket, _answer.AsSpan(received));
                    received += result.Status == SocketStatus.Ok ? result.Count : 0;
                }

                if (!_answer.AsSpan().SequenceEqual(_frame))
                {
                    Assert.Fail("The echo differs.");
                }
            }
        }

        public void Dispose()
        {
            _stack.Close(_socket, reset: true);
            _server.Core.RunIteration();
            _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        private void WriteFrame()
        {
            var writer = new MessagePackWriter(_frame.AsSpan(4));
            var move = new PlayerMove(0x7F000001, 1, 2, 3, 4, 0x85);
            writer.WriteArrayHeader(3);
            writer.Write((int)BodyShape.Message);
            writer.Write(70);
            Contract.Write(ref writer, in move);
            Assert.That(writer.BytesWritten, Is.EqualTo(31));
            _frame[3] = 31;
        }
    }
}
