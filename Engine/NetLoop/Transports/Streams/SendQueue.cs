using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Framing;

namespace NetLoop.Transports.Streams;

/// <summary>The frames one connection has yet to send. Bodies are encoded straight into it, and the kernel sends straight out of it.</summary>
/// <remarks>
/// Thread: loop. A frame is contiguous, in one block; small frames share blocks. The first block has 1 KiB or the expected size, and each further one is
/// four times as large, up to 64 KiB (or as large as one body needs), so that a quiet connection is cheap and a busy one sends long segments. Blocks
/// go back to the pool as soon as they are sent: an empty queue holds none.
/// Only the pool bounds the queue; the caller checks <see cref="QueuedBytes"/> against the connection's limit before it encodes.
/// </remarks>
internal sealed class SendQueue(BufferPool pool) : IBodyBuffer
{
    /// <summary>Longest trailer of a frame; this much is kept free after every body in progress.</summary>
    public const int MaxTrailerBytes = FramerLimit.MaxTrailerBytes;

    private const string Owner = "send queue";
    private const int FirstBlockBytes = 1 << 10;
    private const int MaxSharedBlockBytes = 64 << 10;

    // A body started with less room than this would have to be moved.
    private const int WorthwhileBodyBytes = 64;

    // Full blocks, oldest first; the tail, which takes more frames, comes after them. Most connections never have more than the tail.
    private Queue<SendBlock>? _full;
    private SendBlock _tail;

    // Bytes of the oldest block that are sent.
    private int _sentBytes;
    private int _sentBodies;

    // The framing, and those of its properties that every body needs.
    private IFrameWriter _framing = null!;
    private IFrameSealer? _sealer;
    private int _headerBytes;
    private int _trailerBytes;

    // Limit of the body in progress, which is at the end of the tail after its header; 0 when there is none.
    private int _maxBodyBytes;

    /// <summary>The framing from now on. Its header and trailer always have the same length.</summary>
    public IFrameWriter Framing
    {
        get => _framing;
        set
        {
            Invariant.Holds(!IsBodyOpen);
            _framing = value;
            _sealer = value as IFrameSealer;
            _headerBytes = value.HeaderBytes;
            _trailerBytes = value.Trailer.Length;
            Invariant.Holds(_headerBytes >= 0);
            Invariant.Holds(_trailerBytes <= MaxTrailerBytes);
        }
    }

    /// <summary>Bytes not yet sent, headers and trailers included.</summary>
    public int QueuedBytes { get; private set; }

    /// <summary>Number of bodies that are not completely sent.</summary>
    public int QueuedBodies { get; private set; }

    /// <summary>
    /// Number of bytes likely to be queued before the next send. An empty queue begins with a block of that size, at most 64 KiB, because the kernel takes
    /// one segment faster than several.
    /// </summary>
    public int ExpectedBytes { get; set; }

    /// <summary>Blocks of the pool it holds.</summary>
    public int LeaseCount => (_full?.Count ?? 0) + (_tail.IsNone ? 0 : 1);

    /// <summary>Whether the body begun last could not grow because the pool was exhausted, rather than because the body is too long.</summary>
    public bool FoundPoolExhausted { get; private set; }

    /// <summary>True when everything was sent.</summary>
    public bool IsEmpty => QueuedBytes == 0;

    private bool IsBodyOpen => _maxBodyBytes > 0;

    private bool HasFull => _full is { Count: > 0 };

    /// <summary>Starts a body; it ends with <see cref="CommitBody"/> or <see cref="CancelBody"/>, and nothing else may happen to the queue before.</summary>
    /// <param name="maxBodyBytes">Longest body allowed, 1 to <see cref="BufferPool.MaxLeaseBytes"/>.</param>
    /// <returns>Memory for the body, at most <paramref name="maxBodyBytes"/>; empty, with no body started, when the pool is exhausted.</returns>
    public Span<byte> BeginBody(int maxBodyBytes)
    {
        Invariant.Holds(!IsBodyOpen);
        Invariant.Holds(maxBodyBytes is > 0 and <= BufferPool.MaxLeaseBytes);
        if (!TryMakeTail(_headerBytes + Math.Min(maxBodyBytes, WorthwhileBodyBytes) + MaxTrailerBytes))
        {
            return default;
        }

        FoundPoolExhausted = false;
        _maxBodyBytes = maxBodyBytes;
        return BodyInProgress();
    }

    /// <inheritdoc/>
    public Span<byte> Grow(int written, int minimumFree)
    {
        Invariant.Holds(IsBodyOpen);
        Invariant.Holds(minimumFree > 0);
        Span<byte> body = BodyInProgress();
        Invariant.Holds((uint)written <= (uint)body.Length);
        if (minimumFree <= body.Length - written)
        {
            return body;
        }

        if (minimumFree > _maxBodyBytes - written)
        {
            return default;
        }

        // At least double the size, so that a body that grows in small steps is copied only a few times.
        int wanted = (int)Math.Min(Math.Max(2L * written, written + minimumFree), _maxBodyBytes);
        SendBlock former = _tail;
        if (!TryRentTail(_headerBytes + wanted + MaxTrailerBytes))
        {
            FoundPoolExhausted = CouldHold(wanted);
            return default;
        }

        Span<byte> larger = BodyInProgress();
        body[..written].CopyTo(larger);
        Retire(former);
        return larger;
    }

    /// <summary>Ends the body in progress and queues its frame.</summary>
    /// <param name="bodyBytes">Its length.</param>
    public void CommitBody(int bodyBytes)
    {
        Invariant.Holds(IsBodyOpen);
        Invariant.Holds((uint)bodyBytes <= (uint)_maxBodyBytes);
        _maxBodyBytes = 0;
        AddFrame(bodyBytes);
    }

    /// <summary>Discards the body in progress; earlier frames stay.</summary>
    public void CancelBody()
    {
        Invariant.Holds(IsBodyOpen);
        _maxBodyBytes = 0;
        ReturnUnusedTail();
    }

    /// <summary>Whether a body of this length fits into any block that the pool may ever give.</summary>
    public bool CouldHold(int bodyBytes) => pool.CanEverRent(_headerBytes + bodyBytes + MaxTrailerBytes + SendBlock.NoteBytes);

    /// <summary>Queues a body that is encoded already, such as one that goes to many connections.</summary>
    /// <param name="body">At most <see cref="IFrameWriter.MaxBodyBytes"/>.</param>
    /// <returns>False when the pool is exhausted; nothing was queued then.</returns>
    public bool TryAppend(ReadOnlySpan<byte> body)
    {
        Invariant.Holds(!IsBodyOpen);
        Invariant.Holds(body.Length <= _framing.MaxBodyBytes);
        if (!TryMakeTail(_headerBytes + body.Length + MaxTrailerBytes))
        {
            return false;
        }

        if (_sealer is null)
        {
            body.CopyTo(_tail.Free[_headerBytes..]);
            AddFrame(body.Length);
        }
        else
        {
            int headerBytes = _sealer.HeaderBytesFor(body.Length);
            body.CopyTo(_tail.Free[headerBytes..]);
            AddSealedFrame(body.Length, headerBytes, _sealer);
        }

        return true;
    }

    /// <summary>Queues bytes that are framed already.</summary>
    /// <returns>False when the pool is exhausted; nothing was queued then.</returns>
    public bool TryAppendFramed(ReadOnlySpan<byte> frame)
    {
        Invariant.Holds(!IsBodyOpen);
        if (!TryMakeTail(frame.Length))
        {
            return false;
        }

        frame.CopyTo(_tail.Free);
        _tail.Add(frame.Length);
        Count(frame.Length);
        return true;
    }

    /// <summary>Lists the bytes to send next, oldest first, for one gathered send.</summary>
    /// <param name="segments">Filled from the front.</param>
    /// <returns>Number of segments filled; their memory stays in place until <see cref="Advance"/> or <see cref="Clear"/>.</returns>
    public int FillSegments(Span<SendSegment> segments)
    {
        Invariant.Holds(!IsBodyOpen);
        int count = 0;
        int sent = _sentBytes;
        if (HasFull)
        {
            foreach (SendBlock block in _full!)
            {
                if (count == segments.Length)
                {
                    return count;
                }

                segments[count++] = new SendSegment(block.Frames[sent..]);
                sent = 0;
            }
        }

        if (!_tail.IsNone && count < segments.Length)
        {
            segments[count++] = new SendSegment(_tail.Frames[sent..]);
        }

        return count;
    }

    /// <summary>Removes the bytes that the kernel has taken, and returns blocks that are sent.</summary>
    /// <param name="sentBytes">0 to <see cref="QueuedBytes"/>; a partial send may end anywhere.</param>
    public void Advance(int sentBytes)
    {
        Invariant.Holds(!IsBodyOpen);
        Invariant.Holds((uint)sentBytes <= (uint)QueuedBytes);
        QueuedBytes -= sentBytes;
        while (sentBytes > 0)
        {
            SendBlock oldest = HasFull ? _full!.Peek() : _tail;
            int left = oldest.End - _sentBytes;
            if (sentBytes < left)
            {
                _sentBytes += sentBytes;
                CountSentBodies(oldest);
                return;
            }

            sentBytes -= left;
            QueuedBodies -= oldest.Bodies - _sentBodies;
            DropOldest();
        }
    }

    /// <summary>Discards everything, including a body in progress, and returns all memory. The queue can be used again.</summary>
    public void Clear()
    {
        _maxBodyBytes = 0;
        while (HasFull || !_tail.IsNone)
        {
            DropOldest();
        }

        QueuedBytes = 0;
        QueuedBodies = 0;
    }

    /// <summary>Counts bytes and bodies again, block by block. For the simulator's invariants.</summary>
    public (int Bytes, int Bodies) Recount()
    {
        int bytes = _tail.IsNone ? 0 : _tail.End;
        int bodies = _tail.IsNone ? 0 : _tail.Bodies;
        if (HasFull)
        {
            foreach (SendBlock block in _full!)
            {
                bytes += block.End;
                bodies += block.Bodies;
            }
        }

        SendBlock oldest = HasFull ? _full!.Peek() : _tail;
        int sentBodies = 0;
        while (!oldest.IsNone && sentBodies < oldest.Bodies && oldest.EndOf(sentBodies) <= _sentBytes)
        {
            sentBodies++;
        }

        return (bytes - _sentBytes, bodies - sentBodies);
    }

    private Span<byte> BodyInProgress()
    {
        int room = _tail.FreeBytes - _headerBytes - MaxTrailerBytes;
        return _tail.Memory.Slice(_tail.End + _headerBytes, Math.Min(room, _maxBodyBytes));
    }

    private void AddFrame(int bodyBytes)
    {
        if (_sealer is not null)
        {
            AddSealedFrame(bodyBytes, _headerBytes, _sealer);
            return;
        }

        int frameBytes = _headerBytes + bodyBytes + _trailerBytes;
        if (frameBytes == 0)
        {
            // An empty body without header and trailer has no bytes on the wire.
            ReturnUnusedTail();
            return;
        }

        Span<byte> memory = _tail.Memory;
        _framing.WriteHeader(memory.Slice(_tail.End, _headerBytes), bodyBytes);
        if (_trailerBytes > 0)
        {
            _framing.Trailer.CopyTo(memory[(_tail.End + _headerBytes + bodyBytes)..]);
        }

        _tail.Add(frameBytes, memory);
        Count(frameBytes);
    }

    /// <param name="bodyBytes">Length of the body.</param>
    /// <param name="headerBytes">Number of bytes kept free before it.</param>
    /// <param name="sealer">Finishes the frame.</param>
    private void AddSealedFrame(int bodyBytes, int headerBytes, IFrameSealer sealer)
    {
        int sealedBytes = sealer.HeaderBytesFor(bodyBytes);
        Invariant.Holds(sealedBytes > 0);
        Invariant.Holds(sealedBytes <= headerBytes + MaxTrailerBytes);
        Span<byte> free = _tail.Free;
        if (sealedBytes != headerBytes)
        {
            // The body was written before its length was known, and the header is shorter or longer than the space kept free for it.
            free.Slice(headerBytes, bodyBytes).CopyTo(free[sealedBytes..]);
        }

        sealer.Seal(free[..sealedBytes], free.Slice(sealedBytes, bodyBytes));
        _tail.Add(sealedBytes + bodyBytes);
        Count(sealedBytes + bodyBytes);
    }

    private void Count(int frameBytes)
    {
        QueuedBytes += frameBytes;
        QueuedBodies++;
    }

    private bool TryMakeTail(int frameBytes) => frameBytes <= _tail.FreeBytes || TryReplaceTail(frameBytes);

    private bool TryReplaceTail(int frameBytes)
    {
        SendBlock former = _tail;
        if (!TryRentTail(frameBytes))
        {
            return false;
        }

        Retire(former);
        return true;
    }

    private bool TryRentTail(int frameBytes)
    {
        int shared = Math.Min(_tail.IsNone ? Math.Max(ExpectedBytes, FirstBlockBytes) : 4 * _tail.Length, MaxSharedBlockBytes);
        int needed = frameBytes + SendBlock.NoteBytes;
        if (!pool.TryRent(Math.Max(shared, needed), Owner, out Lease lease) && (shared <= needed || !pool.TryRent(needed, Owner, out lease)))
        {
            return false;
        }

        _tail = new SendBlock(lease);
        return true;
    }

    private void Retire(SendBlock former)
    {
        if (former.Bodies > 0)
        {
            (_full ??= new()).Enqueue(former);
        }
        else if (!former.IsNone)
        {
            former.Return();
        }
    }

    private void ReturnUnusedTail()
    {
        if (_tail.Bodies == 0)
        {
            _tail.Return();
            _tail = default;
        }
    }

    private void CountSentBodies(SendBlock oldest)
    {
        while (oldest.EndOf(_sentBodies) <= _sentBytes)
        {
            _sentBodies++;
            QueuedBodies--;
        }
    }

    private void DropOldest()
    {
        if (HasFull)
        {
            _full!.Dequeue().Return();
        }
        else
        {
            _tail.Return();
            _tail = default;
        }

        _sentBytes = 0;
        _sentBodies = 0;
    }
}
