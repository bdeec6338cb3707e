namespace NetLoop.Tests.Transports.Tls;

/// <summary>Two connected sockets in memory. Bytes arrive in pieces of a chosen size, and a limited number of them may be in transit.</summary>
internal sealed class PipeStack(int pieceBytes = int.MaxValue, int windowBytes = int.MaxValue) : INetworkStack
{
    public static readonly SocketHandle Client = new(0);
    public static readonly SocketHandle Server = new(1);

    // What each socket may receive.
    private readonly Waiting[] _waiting = [new(), new()];
    private readonly bool[] _isShut = [false, false];

    /// <summary>Changes what the client or the server receives next.</summary>
    public Func<SocketHandle, List<byte>, List<byte>>? Tamper { get; set; }

    /// <summary>What sends fail with.</summary>
    public SocketStatus SendFailure { get; set; }

    /// <summary>What receives fail with.</summary>
    public SocketStatus ReceiveFailure { get; set; }

    public string Name => "pipe";

    public int MaxSockets => 2;

    /// <summary>Whether a socket has ended its sending direction.</summary>
    public bool IsShut(SocketHandle socket) => _isShut[socket.Value];

    /// <summary>Bytes that a socket may receive.</summary>
    public int WaitingBytes(SocketHandle socket) => _waiting[socket.Value].Count;

    /// <summary>Gives a socket bytes to receive.</summary>
    public void Deliver(SocketHandle socket, ReadOnlySpan<byte> bytes) => _waiting[socket.Value].Add(bytes);

    /// <summary>Discards what a socket may receive.</summary>
    public void Drop(SocketHandle socket) => _waiting[socket.Value].Clear();

    public SocketResult Receive(SocketHandle socket, Span<byte> buffer)
    {
        if (ReceiveFailure != SocketStatus.Ok)
        {
            return new SocketResult(ReceiveFailure, 0);
        }

        Waiting waiting = _waiting[socket.Value];
        if (waiting.Count == 0)
        {
            return new SocketResult(_isShut[1 - socket.Value] ? SocketStatus.Ok : SocketStatus.WouldBlock, 0);
        }

        return new SocketResult(SocketStatus.Ok, waiting.Take(buffer[..Math.Min(buffer.Length, pieceBytes)]));
    }

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        if (SendFailure != SocketStatus.Ok)
        {
            return new SocketResult(SendFailure, 0);
        }

        Waiting waiting = _waiting[1 - socket.Value];
        int room = Math.Min(windowBytes - waiting.Count, pieceBytes);
        if (room <= 0)
        {
            return new SocketResult(SocketStatus.WouldBlock, 0);
        }

        int sent = 0;
        foreach (SendSegment segment in segments)
        {
            ReadOnlySpan<byte> bytes = segment.Bytes[..Math.Min(segment.Bytes.Length, room - sent)];
            sent += bytes.Length;
            waiting.Add(Tamper is null ? bytes : Tamper(socket, [.. bytes]).ToArray());
        }

        return new SocketResult(SocketStatus.Ok, sent);
    }

    public SocketStatus ShutdownSend(SocketHandle socket)
    {
        _isShut[socket.Value] = true;
        return SocketStatus.Ok;
    }

    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options) => SocketStatus.Ok;

    public void Close(SocketHandle socket, bool reset) => _isShut[socket.Value] = true;

    public IPoller CreatePoller(PollerKind kind) => throw new NotSupportedException();

    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound) => throw new NotSupportedException();

    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote) => throw new NotSupportedException();

    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket) => throw new NotSupportedException();

    public SocketStatus FinishConnect(SocketHandle socket) => throw new NotSupportedException();

    public void RemoveUnixPath(in NetEndpoint endpoint)
    {
    }

    public string? FindHolder(in NetEndpoint endpoint) => null;

    /// <summary>Bytes on their way. Allocates only to grow.</summary>
    private sealed class Waiting
    {
        private byte[] _bytes = new byte[1 << 16];
        private int _from;

        public int Count { get; private set; }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            if (_from + Count + bytes.Length > _bytes.Length)
            {
                byte[] larger = Count + bytes.Length > _bytes.Length ? new byte[2 * (Count + bytes.Length)] : _bytes;
                _bytes.AsSpan(_from, Count).CopyTo(larger);
                _bytes = larger;
                _from = 0;
            }

            bytes.CopyTo(_bytes.AsSpan(_from + Count));
            Count += bytes.Length;
        }

        public int Take(Span<byte> room)
        {
            int count = Math.Min(Count, room.Length);
            _bytes.AsSpan(_from, count).CopyTo(room);
            _from += count;
            Count -= count;
            return count;
        }

        public void Clear() => Count = 0;
    }
}
