using System.Buffers.Binary;
using NUnit.Framework;
using NetLoop.Handlers;
using NetLoop.Hosting.Server;
using NetLoop.Messaging;
using NetLoop.Tests.Sessions;

namespace NetLoop.Tests.Hosting;

/// <summary>After a warm-up, the loop thread allocates nothing for a message, a tick or a broadcast, and only the session for a connection.</summary>
public sealed class SteadyStateAllocationTests
{
    private const int MaxSessionBytes = 200;

    [TestCase("PlayerMove", HandlerMode.Loop)]
    [TestCase("PlayerMove", HandlerMode.Dedicated)]
    [TestCase("BorrowedBytes", HandlerMode.Loop)]
    public void Echo_OneMessageAtATime_AllocatesNothing(string what, HandlerMode handlers)
    {
        TestHost.SkipUnlessAvailable(PollerKind.Epoll);
        // Server and client share the test's thread: it runs the server's iterations, and uses the client's socket in between.
        using EchoPair peer = what == "PlayerMove"
            ? EchoPair.Of(handlers, type: 70, new PlayerMove(0x7F000001, 1, 2, 3, 4, 0x85))
            : EchoPair.Of(handlers, type: 75, new Lent(1, new byte[1_000]));
        AllocatesNothing(peer);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Request_WithOrWithoutATraceContext_AllocatesNothing(bool isTraced)
    {
        TestHost.SkipUnlessAvailable(PollerKind.Epoll);
        object?[] payload = Wire.Array(6.0, 3.0);
        object?[] context = Wire.Array("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=1");
        using EchoPair peer = EchoPair.Of(
            isTraced ? Wire.Frame(Wire.Request, 5, 71, context, payload) : Wire.Frame(Wire.Request, 5, 71, payload),
            response: Wire.Frame(Wire.Response, 5, null, Wire.Array(2.0)));
        AllocatesNothing(peer);
    }

    private static void AllocatesNothing(EchoPair peer)
    {
        peer.Echo(messages: 20_000);

        // The runtime itself sometimes allocates on any thread, for code that it replaces; several batches distinguish this from a cost of each message.
        long least = long.MaxValue;
        for (int batch = 0; batch < 5; batch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            peer.Echo(messages: 2_000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
    }

    [TestCase(HandlerMode.Loop)]
    [TestCase(HandlerMode.Dedicated)]
    public void Tick_WithABroadcastToEveryone_AllocatesNothing(HandlerMode handlers)
    {
        TestHost.SkipUnlessAvailable(PollerKind.Epoll);
        const int Ticks = 1_000;
        var time = new ManualTimeProvider();
        NetServer server = NetServer.Create(o =>
        {
            o.TickRate = 100;
            o.TimeProvider = time;
            o.HandlerMode = handlers;
            o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None);
        });
        int ticked = 0;
        server.OnTick(_ =>
        {
            ticked++;
            server.Broadcast(new PlayerMove(1, 2, 3, 4, 5, 6));
        });
        server.Open();
        server.Core.StartTicks();

        // With handlers on their own thread, the test acts as that thread too: it drains the inbox after each iteration.
        HandlerPump? pump = handlers == HandlerMode.Dedicated ? server.Core.CreateDedicatedPump() : null;
        using var client = new System.Net.Sockets.TcpClient();
        client.Connect("127.0.0.1", server.Endpoints[0].Port);
        byte[] received = new byte[64 * 1024];
        long bytes = 0;
        long allocated = Allocations.Of(() =>
        {
            for (int i = 0; i < Ticks; i++)
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                server.Core.RunIteration();
                pump?.Run(long.MaxValue);
                while (client.Client.Available > 0)
                {
                    bytes += client.Client.Receive(received);
                }
            }
        });
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Assert.That(ticked, Is.GreaterThanOrEqualTo(6 * Ticks));
        Assert.That(bytes, Is.GreaterThan(35L * 5 * Ticks));
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    [Platform("Linux")]
    public void Tick_WithABroadcastToTheSessionsOfTwoLoops_AllocatesNothingOnEither()
    {
        const int Ticks = 1_000;
        var time = new ManualTimeProvider();
        NetServer server = NetServer.Create(o =>
        {
            o.Loops = 2;
            o.TickRate = 100;
            o.TimeProvider = time;
            o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None);
        });
        server.OnTick(_ => server.Broadcast(new PlayerMove(1, 2, 3, 4, 5, 6)));
        server.Open();
        server.Core.StartTicks();
        UnbindAll(server);
        var clients = new List<System.Net.Sockets.TcpClient>();
        while (server.Loops.Any(loop => loop.Core.Transport.ConnectionCount == 0))
        {
            // The kernel chooses the loop; the other one has a tick or a broadcast to do, and does not wait for an event.
            clients.Add(new System.Net.Sockets.TcpClient("127.0.0.1", server.Endpoints[0].Port));
            time.Advance(TimeSpan.FromMilliseconds(10));
            RunAll(server);
        }

        byte[] received = new byte[64 * 1024];
        long bytes = 0;
        long allocated = Allocations.Of(() =>
        {
            for (int i = 0; i < Ticks; i++)
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                RunAll(server);
                foreach (System.Net.Sockets.TcpClient client in clients)
                {
                    while (client.Client.Available > 0)
                    {
                        bytes += client.Client.Receive(received);
                    }
                }
            }
        });
        long reported = server.GetStatistics().AllocatedBytes;
        clients.ForEach(client => client.Dispose());
        foreach (ServerLoop loop in server.Loops)
        {
            loop.Core.BindToThread();
        }

        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Assert.That(bytes, Is.GreaterThan(35L * 5 * Ticks * clients.Count), "the sessions of both loops receive each");
        Assert.That(allocated, Is.Zero);
        Assert.That(reported, Is.Positive, "each loop counts what its thread allocates: here both the test's");
    }

    [Test]
    public void AcceptAndClose_OfASession_AllocateTheSessionAlone()
    {
        TestHost.SkipUnlessAvailable(PollerKind.Epoll);
        const int Sessions = 200;
        NetServer server = NetServer.Create(o =>
        {
            o.TickRate = 0;
            o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None);
        });
        server.Open();
        INetworkStack stack = NetworkStack.CreateDefault(PollerKind.Epoll);
        NetEndpoint endpoint = server.Endpoints[0];
        long allocated = Allocations.Of(() =>
        {
            for (int i = 0; i < Sessions; i++)
            {
                long accepts = server.Core.Counters.Accepts;
                stack.Connect(endpoint, out SocketHandle socket);
                while (server.Core.Counters.Accepts == accepts)
                {
                    server.Core.RunIteration();
                }

                stack.Close(socket, reset: true);
                while (server.Core.Transport.ConnectionCount > 0)
                {
                    server.Core.RunIteration();
                }
            }
        });
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();

        // The application may keep a session for any time, so each is a new object. Everything below it is reused.
        Assert.That(allocated / Sessions, Is.LessThanOrEqualTo(MaxSessionBytes));
    }

    /// <summary>Runs one iteration of each loop. They act as if on separate threads: only the one that runs belongs to the caller.</summary>
    private static void RunAll(NetServer server)
    {
        for (int i = 0; i < server.Loops.Count; i++)
        {
            server.Loops[i].Core.BindToThread();
            server.Loops[i].Core.RunIteration();
            server.Loops[i].Core.Services.UnbindFromThread();
        }
    }

    private static void UnbindAll(NetServer server)
    {
        foreach (ServerLoop loop in server.Loops)
        {
            loop.Core.Services.UnbindFromThread();
        }
    }

    /// <summary>A server whose loop the test drives, and one raw connection to it.</summary>
    private sealed class EchoPair : IDisposable
    {
        private readonly NetServer _server;
        private readonly HandlerPump? _pump;
        private readonly INetworkStack _stack = NetworkStack.CreateDefault(PollerKind.Epoll);
        private readonly SocketHandle _socket;
        private readonly byte[] _frame;
        private readonly byte[] _expected;
        private readonly byte[] _answer;

        private EchoPair(HandlerMode handlers, byte[] frame, byte[] expected)
        {
            _frame = frame;
            _expected = expected;
            _answer = new byte[expected.Length];

            // Without the poisoning of the diagnostic pool, which allocates the names of owners.
            _server = NetServer.Create(o =>
            {
                o.TickRate = 0;
                o.HandlerMode = handlers;
                o.ListenTcp("127.0.0.1", 0, l =>
                {
                    l.Hello = HelloMode.None;
                    l.AcceptTraceContext = true;
                });
            });
            _pump = handlers == HandlerMode.Dedicated ? _server.Core.CreateDedicatedPump() : null;
            _server.On<PlayerMove>((session, in move) => session.Send(move));
            _server.OnRequest<Divide, Quotient>((Session _, in Divide divide) => new Quotient(divide.Value / divide.By));
            _server.On<Lent>((session, in lent) => session.Send(lent));
            _server.Open();
            SocketStatus status = _stack.Connect(_server.Endpoints[0], out _socket);
            Assert.That(status, Is.EqualTo(SocketStatus.Ok).Or.EqualTo(SocketStatus.InProgress));
        }

        public static EchoPair Of(byte[] request, byte[] response)
        {
            byte[] frame = GC.AllocateArray<byte>(request.Length, pinned: true);
            request.CopyTo(frame, 0);
            return new EchoPair(HandlerMode.Loop, frame, response);
        }

        public static EchoPair Of<T>(HandlerMode handlers, int type, T message)
            where T : INetMessage<T>
        {
            byte[] wire = GC.AllocateArray<byte>(2_048, pinned: true);
            var writer = new NetWriter(wire.AsSpan(4));
            writer.WriteArrayHeader(3);
            writer.Write((int)BodyShape.Message);
            writer.Write(type);
            Contract.Write(ref writer, in message);
            BinaryPrimitives.WriteInt32BigEndian(wire, writer.BytesWritten);
            byte[] frame = GC.AllocateArray<byte>(4 + writer.BytesWritten, pinned: true);
            wire.AsSpan(0, frame.Length).CopyTo(frame);
            return new EchoPair(handlers, frame, frame);
        }

        public void Echo(int messages)
        {
            Span<SendSegment> segments = [new SendSegment(_frame)];
            for (int i = 0; i < messages; i++)
            {
                SocketResult sent = _stack.Send(_socket, segments);
                while (sent.Status == SocketStatus.WouldBlock)
                {
                    RunServer();
                    sent = _stack.Send(_socket, segments);
                }

                int received = 0;
                while (received < _answer.Length)
                {
                    RunServer();
                    SocketResult result = _stack.Receive(_socket, _answer.AsSpan(received));
                    received += result.Status == SocketStatus.Ok ? result.Count : 0;
                }

                if (!_answer.AsSpan().SequenceEqual(_expected))
                {
                    Assert.Fail("The echo or the response differs.");
                }
            }
        }

        public void Dispose()
        {
            _stack.Close(_socket, reset: true);
            _server.Core.RunIteration();
            _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        private void RunServer()
        {
            _server.Core.RunIteration();
            if (_pump is not null)
            {
                // The handler thread, which is a different thread to the loop.
                _server.Core.Services.UnbindFromThread();
                _pump.Run(long.MaxValue);
                _server.Core.BindToThread();
            }
        }
    }
}
