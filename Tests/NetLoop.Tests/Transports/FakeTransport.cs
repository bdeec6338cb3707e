using NetLoop.Buffers;
using NetLoop.Tests.Hosting;
using NetLoop.Time;
using NetLoop.Transports;
using NetLoop.Transports.Streams;

namespace NetLoop.Tests.Transports;

/// <summary>A transport context on a fake operating system: sockets return what the test sets, and the poller only records.</summary>
internal sealed class FakeTransport : INetworkStack
{
    private int _nextHandle = 100;

    public FakeTransport(int maxActiveConnections = ConnectionSet.DefaultMaxActiveConnections, long maxPoolBytes = 64 << 20)
    {
        Clock = new LoopClock(Time);
        Timers = new TimerQueue();
        Pool = new BufferPool(new BufferPoolOptions { Diagnostics = true, MaxBytes = maxPoolBytes });
        Context = new ConnectionSet(this, new FakePoller(this), Clock, Timers, Pool, new LoopCounters())
        {
            MaxActiveConnections = maxActiveConnections,
        };
        Streams = new StreamConnectionPool(Context);
        Context.Scratch.Room.Clear(); // Tests write into it what a receive brings; the engine leaves it uninitialized.
    }

    public ManualTimeProvider Time { get; } = new();

    public LoopClock Clock { get; }

    public TimerQueue Timers { get; }

    public BufferPool Pool { get; }

    public ConnectionSet Context { get; }

    public StreamConnectionPool Streams { get; }

    /// <summary>The results of the next accepts; Ok returns a socket. If empty, no connection is pending.</summary>
    public Queue<SocketStatus> Accepts { get; } = new();

    public int AcceptCalls { get; private set; }

    /// <summary>The remote address of accepted connections.</summary>
    public NetEndpoint Remote { get; set; } = NetEndpoint.Tcp("192.0.2.1", 40_000);

    /// <summary>The results of the next connection attempts; InProgress returns a socket.</summary>
    public Queue<SocketStatus> Connects { get; } = new();

    public int ConnectCalls { get; private set; }

    /// <summary>The result of a receive if it is not WouldBlock.</summary>
    public Queue<SocketResult> Receives { get; } = new();

    /// <summary>Results of the next sends: the maximum number of bytes accepted; if empty, the window is closed.</summary>
    public Queue<int> Sends { get; } = new();

    /// <summary>The bytes that a receive returns; null if the test has written them into the scratch buffer.</summary>
    public byte[]? Received { get; set; }

    /// <summary>Bytes that were sent, if the test records them.</summary>
    public List<byte>? Sent { get; set; }

    /// <summary>Registered sockets with their interest.</summary>
    public Dictionary<SocketHandle, Interest> Interests { get; } = [];

    /// <summary>The token of each registered socket.</summary>
    public Dictionary<SocketHandle, Token> Tokens { get; } = [];

    /// <summary>The poller's result when a socket is added; Ok registers it.</summary>
    public SocketStatus PollerStatus { get; set; }

    /// <summary>Called before a socket leaves the poller.</summary>
    public Action<SocketHandle>? OnRemove { get; set; }

    public List<SocketHandle> Closed { get; } = [];

    /// <summary>Sockets among them that were closed with a reset.</summary>
    public List<SocketHandle> Reset { get; } = [];

    /// <summary>Sockets whose sending was shut down.</summary>
    public List<SocketHandle> Shut { get; } = [];

    /// <summary>The result of a connection attempt.</summary>
    public SocketStatus Connecting { get; set; } = SocketStatus.InProgress;

    /// <summary>The same for individual sockets that differ.</summary>
    public Dictionary<SocketHandle, SocketStatus> ConnectingOf { get; } = [];

    /// <summary>Endpoints of connection attempts, in their order.</summary>
    public List<NetEndpoint> ConnectsTo { get; } = [];

    /// <summary>The poller of a loop that uses this stack; null for one that only records.</summary>
    public IPoller? Poller { get; set; }

    /// <summary>Number of calls that woke the poller.</summary>
    public int Wakes { get; private set; }

    public string Name => "fake";

    public int MaxSockets { get; set; } = int.MaxValue;

    /// <summary>Descriptors that the process has open.</summary>
    public int OpenDescriptors { get; set; }

    /// <summary>Descriptors that are free.</summary>
    public int Left { get; set; } = int.MaxValue;

    /// <summary>Advances the time and fires the timers that are due.</summary>
    public void Advance(TimeSpan time)
    {
        Time.Advance(time);
        Timers.FireDue(Clock.Refresh(), int.MaxValue);
    }

    /// <summary>Reports to the entry of a loop's socket table that its socket is writable.</summary>
    public void ReportWritable(ConnectionSet set, SocketHandle socket) => set.Sockets.Find(Tokens[socket])!.OnReady(Readiness.Writable);

    public SocketHandle NewSocket() => new(_nextHandle++);

    public int CountOpenDescriptors() => OpenDescriptors;

    public int DescriptorsLeft(SocketHandle newest) => Left;

    public IPoller CreatePoller(PollerKind kind) => Poller ?? new FakePoller(this);

    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote)
    {
        AcceptCalls++;
        remote = Remote;
        SocketStatus status = Accepts.TryDequeue(out SocketStatus next) ? next : SocketStatus.WouldBlock;
        socket = status == SocketStatus.Ok ? NewSocket() : SocketHandle.None;
        return status;
    }

    public SocketResult Receive(SocketHandle socket, Span<byte> buffer)
    {
        if (!Receives.TryDequeue(out SocketResult result))
        {
            return new SocketResult(SocketStatus.WouldBlock, 0);
        }

        if (Received is not { } bytes)
        {
            return result;
        }

        int count = Math.Min(bytes.Length, buffer.Length);
        bytes.AsSpan(0, count).CopyTo(buffer);
        return new SocketResult(result.Status, Math.Min(result.Count, count));
    }

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        if (!Sends.TryDequeue(out int window))
        {
            return new SocketResult(SocketStatus.WouldBlock, 0);
        }

        int taken = 0;
        foreach (SendSegment segment in segments)
        {
            ReadOnlySpan<byte> part = segment.Bytes[..Math.Min(window - taken, segment.Bytes.Length)];
            Sent?.AddRange(part);
            taken += part.Length;
        }

        return new SocketResult(SocketStatus.Ok, taken);
    }

    public void Close(SocketHandle socket, bool reset)
    {
        Closed.Add(socket);
        if (reset)
        {
            Reset.Add(socket);
        }
    }

    public SocketStatus ShutdownSend(SocketHandle socket)
    {
        Shut.Add(socket);
        return SocketStatus.Ok;
    }

    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options) => SocketStatus.Ok;

    public void RemoveUnixPath(in NetEndpoint endpoint)
    {
    }

    public string? FindHolder(in NetEndpoint endpoint) => null;

    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        listener = NewSocket();
        bound = endpoint;
        return SocketStatus.Ok;
    }

    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket)
    {
        ConnectCalls++;
        ConnectsTo.Add(remote);
        SocketStatus status = Connects.Dequeue();
        socket = status is SocketStatus.Ok or SocketStatus.InProgress ? NewSocket() : SocketHandle.None;
        return status;
    }

    public SocketStatus FinishConnect(SocketHandle socket) => ConnectingOf.GetValueOrDefault(socket, Connecting);

    private sealed class FakePoller(FakeTransport transport) : IPoller
    {
        private Dictionary<SocketHandle, Interest> Interests => transport.Interests;

        public SocketStatus Add(SocketHandle socket, Interest interest, Token token) =>
            transport.PollerStatus != SocketStatus.Ok ? transport.PollerStatus
            : Interests.TryAdd(socket, interest) && Remember(socket, token) ? SocketStatus.Ok : SocketStatus.InvalidCall;

        public SocketStatus Modify(SocketHandle socket, Interest interest, Token token)
        {
            if (!Interests.ContainsKey(socket))
            {
                return SocketStatus.InvalidCall;
            }

            if (transport.PollerStatus != SocketStatus.Ok)
            {
                return transport.PollerStatus;
            }

            Interests[socket] = interest;
            return SocketStatus.Ok;
        }

        public SocketStatus Remove(SocketHandle socket)
        {
            transport.OnRemove?.Invoke(socket);
            return Interests.Remove(socket) ? SocketStatus.Ok : SocketStatus.InvalidCall;
        }

        private bool Remember(SocketHandle socket, Token token)
        {
            transport.Tokens[socket] = token;
            return true;
        }

        public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds) => 0;

        public void Wake() => transport.Wakes++;

        public void Dispose()
        {
        }
    }
}
