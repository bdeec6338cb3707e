using NetLoop.Diagnostics;
using NetLoop.Stack;

namespace NetLoop.Transports.Streams;

/// <summary>The send queue of one stream connection, and the speed at which its peer reads.</summary>
/// <remarks>Thread: loop. Part of a connection object, and reused with it.</remarks>
internal sealed class StreamSender
{
    /// <summary>About as many blocks as a kernel with default socket buffers takes in one call.</summary>
    private const int MaxSegmentsPerSend = 16;

    private readonly ConnectionSet _set;
    private readonly SendQueue _queue;
    private StreamLimits _limits = null!;

    public StreamSender(ConnectionSet set, IFrameWriter framing)
    {
        _set = set;
        _queue = new SendQueue(set.Pool) { Framing = framing };
    }

    /// <summary>The framing of bodies. May be replaced between two bodies.</summary>
    public IFrameWriter Framing
    {
        get => _queue.Framing;
        set => _queue.Framing = value;
    }

    /// <summary>Memory for the body that was begun last.</summary>
    public IBodyBuffer Buffer => _queue;

    /// <summary>How fast the peer reads; null until bytes had to wait for it.</summary>
    public SendBacklog? Backlog { get; private set; }

    /// <summary>Whether bytes wait because the kernel took less than it was offered.</summary>
    public bool IsBlocked => Backlog is { IsBlocked: true };

    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>Bytes waiting, headers of frames included.</summary>
    public int QueuedBytes => _queue.QueuedBytes;

    /// <summary>Number of bodies that are not completely sent.</summary>
    public int QueuedBodies => _queue.QueuedBodies;

    /// <summary>Blocks of the pool it holds.</summary>
    public int LeaseCount => _queue.LeaseCount;

    /// <summary>Whether the queue is at its limit.</summary>
    public bool IsAtLimit => _queue.QueuedBytes >= _limits.MaxSendQueueBytes || _queue.QueuedBodies >= _limits.MaxSendQueueBodies;

    /// <summary>When to call <see cref="IsTooSlow"/> next.</summary>
    public long SlowPeerDeadline(long now) => Backlog is { IsBlocked: true } backlog ? backlog.NextLook(now, _limits) : Connection.NoDeadline;

    /// <summary>Whether the peer has read too slowly for too long.</summary>
    public bool IsTooSlow(long now) => Backlog is { IsBlocked: true } backlog && backlog.IsTooSlow(now, QueuedBytes, _limits);

    /// <summary>What is queued, counted again. For the simulator's invariants.</summary>
    public (int Bytes, int Bodies) Recount() => _queue.Recount();

    /// <summary>Begins to serve another connection.</summary>
    public void Begin(StreamLimits limits)
    {
        Invariant.Holds(_queue.IsEmpty);
        _limits = limits;
        Backlog?.Clear();
    }

    /// <summary>Begins a body.</summary>
    /// <param name="maxBytes">Longest body allowed.</param>
    /// <param name="expectedBytes">Number of bytes likely to be queued before the next send.</param>
    /// <returns>Where to write it; empty when the pool is exhausted.</returns>
    public Span<byte> BeginBody(int maxBytes, int expectedBytes)
    {
        if (_queue.IsEmpty)
        {
            _queue.ExpectedBytes = expectedBytes;
        }

        return _queue.BeginBody(maxBytes);
    }

    public void CommitBody(int bodyBytes)
    {
        int before = _queue.QueuedBytes;
        _queue.CommitBody(bodyBytes);
        CountQueued(before, bodies: 1);
    }

    public void CancelBody() => _queue.CancelBody();

    /// <summary>Queues a body that is encoded already.</summary>
    /// <returns>False when the pool is exhausted, or could never hold it.</returns>
    public bool TryAppend(ReadOnlySpan<byte> body)
    {
        int before = _queue.QueuedBytes;
        if (!_queue.TryAppend(body))
        {
            return false;
        }

        CountQueued(before, bodies: 1);
        return true;
    }

    /// <summary>Whether a body of that length fits into a block of the pool at all.</summary>
    public bool CouldHold(int bodyBytes) => _queue.CouldHold(bodyBytes);

    /// <summary>Queues bytes that are framed already.</summary>
    /// <returns>False when the pool is exhausted.</returns>
    public bool TryAppendFramed(ReadOnlySpan<byte> bytes)
    {
        int before = _queue.QueuedBytes;
        if (!_queue.TryAppendFramed(bytes))
        {
            return false;
        }

        CountQueued(before, bodies: 0);
        return true;
    }

    /// <summary>Sends as much as the kernel takes in one call.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="socket">The socket of the connection.</param>
    /// <param name="failure">The error, if the connection is broken.</param>
    public SendOutcome Send(IStreamChannel channel, SocketHandle socket, out SocketStatus failure)
    {
        Span<SendSegment> segments = stackalloc SendSegment[MaxSegmentsPerSend];
        int count = _queue.FillSegments(segments);
        SocketResult result = channel.Send(socket, segments[..count]);
        failure = result.Status;
        if (result.Status != SocketStatus.Ok)
        {
            return result.Status.Classify() is FailureClass.Transient ? Block(sentBytes: 0) : SendOutcome.Failed;
        }

        _set.Counters.BytesOut += result.Count;
        _set.Counters.QueuedBytes -= result.Count;
        int offered = 0;
        foreach (SendSegment segment in segments[..count])
        {
            offered += segment.Bytes.Length;
        }

        _queue.Advance(result.Count);
        if (_queue.IsEmpty)
        {
            _queue.ExpectedBytes = 0;
            Backlog?.Clear();
            return SendOutcome.Emptied;
        }

        if (result.Count < offered)
        {
            return Block(result.Count);
        }

        Backlog?.Progressed(_set.Clock.PeerTime, result.Count);
        return SendOutcome.Progressed;
    }

    /// <summary>Discards what is queued.</summary>
    public void Clear()
    {
        _set.Counters.QueuedBytes -= _queue.QueuedBytes;
        _queue.Clear();
    }

    private SendOutcome Block(int sentBytes)
    {
        (Backlog ??= new SendBacklog()).Blocked(_set.Clock.PeerTime, sentBytes);
        return SendOutcome.Blocked;
    }

    private void CountQueued(int bytesBefore, int bodies)
    {
        _set.Counters.BodiesOut += bodies;
        _set.Counters.QueuedBytes += _queue.QueuedBytes - bytesBefore;
    }
}
