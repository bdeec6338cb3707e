namespace NetLoop.Benchmarks.Loop;

/// <summary>An operating system without a kernel, so that only the cost of the loop itself is measured.</summary>
/// <remarks>Its clients respond at once: when a client has received all bytes of its last burst, the next one is waiting.</remarks>
internal sealed class MemoryStack : INetworkStack, IPoller
{
    private readonly byte[] _burst;
    private readonly Token[] _tokens;
    private readonly int[] _owed;
    private readonly Queue<int> _ready = new();
    private int _accepted;

    /// <param name="clients">Number of clients that connect.</param>
    /// <param name="burst">The burst that each sends: whole frames.</param>
    public MemoryStack(int clients, byte[] burst)
    {
        _burst = burst;
        _tokens = new Token[clients + 1];
        _owed = new int[clients + 1];
    }

    /// <summary>Number of bytes that came back.</summary>
    public long EchoedBytes { get; private set; }

    public string Name => "memory";

    public int MaxSockets => int.MaxValue;

    private bool IsListenerReady => _accepted < _owed.Length - 1;

    public IPoller CreatePoller(PollerKind kind) => this;

    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        listener = new SocketHandle(0);
        bound = endpoint;
        return SocketStatus.Ok;
    }

    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote)
    {
        remote = NetEndpoint.Tcp("127.0.0.1", 1);
        socket = SocketHandle.None;
        if (!IsListenerReady)
        {
            return SocketStatus.WouldBlock;
        }

        socket = new SocketHandle(++_accepted);
        _ready.Enqueue(_accepted);
        return SocketStatus.Ok;
    }

    public SocketResult Receive(SocketHandle socket, Span<byte> buffer)
    {
        if (_owed[socket.Value] > 0)
        {
            return new SocketResult(SocketStatus.WouldBlock, 0);
        }

        _burst.CopyTo(buffer);
        _owed[socket.Value] = _burst.Length;
        return new SocketResult(SocketStatus.Ok, _burst.Length);
    }

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        int sent = 0;
        foreach (SendSegment segment in segments)
        {
            sent += segment.Bytes.Length;
        }

        EchoedBytes += sent;
        _owed[socket.Value] -= sent;
        if (_owed[socket.Value] == 0)
        {
            _ready.Enqueue(socket.Value);
        }

        return new SocketResult(SocketStatus.Ok, sent);
    }

    public SocketStatus Add(SocketHandle socket, Interest interest, Token token)
    {
        _tokens[socket.Value] = token;
        return SocketStatus.Ok;
    }

    public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
    {
        int count = 0;
        if (IsListenerReady)
        {
            events[count++] = new ReadyEvent(_tokens[0], Readiness.Readable);
        }

        while (count < events.Length && _ready.TryDequeue(out int socket))
        {
            events[count++] = new ReadyEvent(_tokens[socket], Readiness.Readable);
        }

        return count;
    }

    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket) => throw new NotSupportedException();

    public SocketStatus FinishConnect(SocketHandle socket) => throw new NotSupportedException();

    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options) => SocketStatus.Ok;

    public SocketStatus ShutdownSend(SocketHandle socket) => SocketStatus.Ok;

    public SocketStatus Modify(SocketHandle socket, Interest interest, Token token) => SocketStatus.Ok;

    public SocketStatus Remove(SocketHandle socket) => SocketStatus.Ok;

    public string? FindHolder(in NetEndpoint endpoint) => null;

    public void Close(SocketHandle socket, bool reset)
    {
    }

    public void RemoveUnixPath(in NetEndpoint endpoint)
    {
    }

    public void Wake()
    {
    }

    public void Dispose()
    {
    }
}
