using NetLoop.Fuzzing.Mutation;

namespace NetLoop.Fuzzing.Targets;

/// <summary>An operating system with one socket: it receives a script in pieces, and records what was sent.</summary>
internal sealed class ScriptedStack : INetworkStack
{
    private readonly byte[] _script = new byte[InputBuffer.MaxBytes];
    private readonly byte[] _sent = new byte[64 * 1_024];
    private int _scriptBytes;
    private int _received;
    private int _sentBytes;

    public string Name => "scripted";

    public int MaxSockets => int.MaxValue;

    /// <summary>Maximum number of bytes of the next receive.</summary>
    public int NextPiece { get; set; }

    /// <summary>Whether the end of the script ends the stream; if not, there is only nothing more to read for now.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether all of the script has been received.</summary>
    public bool IsAtEnd => _received == _scriptBytes;

    public ReadOnlySpan<byte> Sent => _sent.AsSpan(0, _sentBytes);

    /// <summary>Starts another script.</summary>
    public void Play(ReadOnlySpan<byte> script)
    {
        script.CopyTo(_script);
        _scriptBytes = script.Length;
        _received = 0;
        _sentBytes = 0;
        IsOver = false;
    }

    public SocketResult Receive(SocketHandle socket, Span<byte> buffer)
    {
        if (IsAtEnd && !IsOver)
        {
            return new SocketResult(SocketStatus.WouldBlock, 0);
        }

        int count = Math.Min(Math.Min(NextPiece, buffer.Length), _scriptBytes - _received);
        _script.AsSpan(_received, count).CopyTo(buffer);
        _received += count;
        return new SocketResult(SocketStatus.Ok, count);
    }

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        int count = 0;
        foreach (SendSegment segment in segments)
        {
            segment.Bytes.CopyTo(_sent.AsSpan(_sentBytes));
            _sentBytes += segment.Bytes.Length;
            count += segment.Bytes.Length;
        }

        return new SocketResult(SocketStatus.Ok, count);
    }

    public void Close(SocketHandle socket, bool reset)
    {
    }

    public SocketStatus ShutdownSend(SocketHandle socket) => SocketStatus.Ok;

    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options) => SocketStatus.Ok;

    public SocketStatus FinishConnect(SocketHandle socket) => SocketStatus.Ok;

    public string? FindHolder(in NetEndpoint endpoint) => null;

    public void RemoveUnixPath(in NetEndpoint endpoint)
    {
    }

    public IPoller CreatePoller(PollerKind kind) => new SilentPoller();

    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote) => throw new NotSupportedException();

    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound) =>
        throw new NotSupportedException();

    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket) => throw new NotSupportedException();

    private sealed class SilentPoller : IPoller
    {
        public SocketStatus Add(SocketHandle socket, Interest interest, Token token) => SocketStatus.Ok;

        public SocketStatus Modify(SocketHandle socket, Interest interest, Token token) => SocketStatus.Ok;

        public SocketStatus Remove(SocketHandle socket) => SocketStatus.Ok;

        public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds) => 0;

        public void Wake()
        {
        }

        public void Dispose()
        {
        }
    }
}
