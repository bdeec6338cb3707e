using Microsoft.Coyote.Rewriting;
using Microsoft.Coyote.Runtime;

namespace NetLoop.Concurrency;

/// <summary>
/// An operating system without a kernel, shared by all loops of a scenario: sockets are queues in memory, and a poller's wait is one that Coyote
/// controls. Each call is one step; other threads may run before it.
/// </summary>
[SkipRewriting("A call of the kernel is one step.")]
internal sealed class MemoryNetwork : INetworkStack
{
    private readonly Dictionary<int, MemorySocket> _sockets = [];
    private int _lastHandle = 100;
    private int _nextListener;

    public string Name => "memory";

    public int MaxSockets => 10_000;

    public bool CanShareSockets => true;

    /// <summary>Number of open sockets: 0 once everything has ended.</summary>
    public int OpenSockets => _sockets.Count;

    public IPoller CreatePoller(PollerKind kind) => new MemoryPoller(this);

    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        MemorySocket socket = Create();
        socket.Backlog = new Queue<MemorySocket>();
        listener = socket.Handle;
        bound = endpoint;
        return SocketStatus.Ok;
    }

    public SocketStatus ListenShared(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound) =>
        Listen(endpoint, backlog, out listener, out bound);

    /// <summary>Connects from outside the loops.</summary>
    public MemorySocket Dial() => Dial(endsWithPeer: true);

    private MemorySocket Dial(bool endsWithPeer)
    {
        SchedulingPoint.Interleave();
        MemorySocket[] listeners = [.. _sockets.Values.Where(socket => socket.Backlog is not null)];
        MemorySocket client = Create(endsWithPeer);
        if (listeners.Length == 0)
        {
            return client; // Refused.
        }

        MemorySocket server = Create();
        client.Peer = server;
        server.Peer = client;
        listeners[_nextListener++ % listeners.Length].Backlog!.Enqueue(server);
        return client;
    }

    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket)
    {
        socket = Dial(endsWithPeer: false).Handle;
        return SocketStatus.Ok;
    }

    public SocketStatus FinishConnect(SocketHandle socket) => SocketStatus.Ok;

    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote)
    {
        SchedulingPoint.Interleave();
        remote = NetEndpoint.Tcp("127.0.0.1", 1);
        socket = _sockets[listener.Value].Backlog!.TryDequeue(out MemorySocket? accepted) ? accepted.Handle : SocketHandle.None;
        return accepted is null ? SocketStatus.WouldBlock : SocketStatus.Ok;
    }

    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options) => SocketStatus.Ok;

    public SocketResult Receive(SocketHandle socket, Span<byte> buffer)
    {
        SchedulingPoint.Interleave();
        return _sockets[socket.Value].Receive(buffer);
    }

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        SchedulingPoint.Interleave();
        MemorySocket sender = _sockets[socket.Value];
        int sent = 0;
        foreach (SendSegment segment in segments)
        {
            sender.Send(segment.Bytes);
            sent += segment.Bytes.Length;
        }

        return sender.IsReset ? new SocketResult(SocketStatus.ConnectionReset, 0) : new SocketResult(SocketStatus.Ok, sent);
    }

    public SocketStatus ShutdownSend(SocketHandle socket)
    {
        SchedulingPoint.Interleave();
        _sockets[socket.Value].EndSending(reset: false);
        return SocketStatus.Ok;
    }

    public void Close(SocketHandle socket, bool reset)
    {
        SchedulingPoint.Interleave();
        if (!_sockets.Remove(socket.Value, out MemorySocket? closed))
        {
            throw new InvalidOperationException($"socket {socket.Value} is closed twice");
        }

        closed.EndSending(reset);
        foreach (MemorySocket waiting in closed.Backlog ?? [])
        {
            _sockets.Remove(waiting.Handle.Value);
            waiting.EndSending(reset: true);
        }
    }

    public void RemoveUnixPath(in NetEndpoint endpoint)
    {
    }

    public string? FindHolder(in NetEndpoint endpoint) => null;

    public MemorySocket Find(SocketHandle socket) => _sockets[socket.Value];

    private MemorySocket Create(bool endsWithPeer = false)
    {
        var socket = new MemorySocket(new SocketHandle(++_lastHandle)) { EndsWithPeer = endsWithPeer };
        _sockets.Add(_lastHandle, socket);
        return socket;
    }
}
