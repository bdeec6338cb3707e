using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Time;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Transports.Streams;

/// <summary>One TCP or Unix stream connection: bytes in, bodies out, and back. Knows nothing of what a body means.</summary>
/// <remarks>Thread: loop. Pooled: after <see cref="Destroy"/> the object serves another connection.</remarks>
internal sealed partial class StreamConnection : PolledSocket, ITimerTarget
{
    /// <summary>One fast peer must leave time in this iteration for the other sockets.</summary>
    private const int MaxReadsPerIteration = 4;

    /// <summary>How often that much is read ahead of a deadline: kernels hold some MiB for a connection, and a peer that sends as fast as it is read must not hold the loop.</summary>
    private const int MaxTurnsBeforeDeadline = 64;

    /// <summary>A kernel takes no more in one call from a socket with default buffers than fits in about this many blocks.</summary>
    private const int MaxSegmentsPerSend = 16;

    /// <summary>Stands in for that of the connection that was served last.</summary>
    private static readonly RawFramer _noFraming = new(maxChunkBytes: 1);

    private readonly SendQueue _queue;
    private ReceiveBuffer _received;
    private IConnectionOwner _owner = null!;
    private StreamLimits _limits = null!;
    private IFramer? _framer;
    private TimerHandle _deadline;
    private int _receivedBytes;
    private long _receivedIn = -1;
    private long _usedAt;
    private bool _isBusy;
    private bool _isDirty;
    private bool _isReadPaused;
    private bool _sawEndOfStream;
    private bool _isDelivering;
    private bool _resetOnClose;
    private SocketStatus _unwatched;

    public StreamConnection(TransportContext context)
        : base(context)
    {
        _queue = new SendQueue(context.Pool) { Framing = _noFraming };
        State = ConnectionState.Dead;
    }

    public ConnectionState State { get; private set; }

    public bool IsDead => State == ConnectionState.Dead;

    /// <summary>Whether bodies still go out.</summary>
    public bool CanSend => State is ConnectionState.Open or ConnectionState.Replying;

    /// <summary>Whether the context has it in its list of those in use.</summary>
    public bool IsListedAsActive { get; set; }

    /// <summary>Who receives what it receives; null once it is destroyed or parked.</summary>
    public IConnectionOwner? Owner => _owner;

    /// <summary>Whether reading waits for room in the inbox.</summary>
    public bool IsReadPaused => _isReadPaused;

    /// <summary>Whether it is in the list of those that have something to send.</summary>
    public bool IsDirty => _isDirty;

    /// <summary>Whether it waits until the kernel takes more.</summary>
    public bool IsSendBlocked => IsBlocked;

    /// <summary>The one deadline of its own in force: of the dial, of the upgrade, or of the peer's close.</summary>
    public TimerHandle Deadline => _deadline;

    /// <summary>What is queued, counted again. For the simulator's invariants.</summary>
    public (int Bytes, int Bodies) RecountQueue() => _queue.Recount();

    /// <summary>Bodies not yet sent to their last byte.</summary>
    public int QueuedBodies => _queue.QueuedBodies;

    /// <summary>Bytes waiting to be sent, frames' headers included.</summary>
    public int QueuedBytes => _queue.QueuedBytes;

    /// <summary>Bytes of an incomplete frame or message that are held.</summary>
    public int HeldBytes => _received.Unread.Length + (_webSocket?.HeldBytes ?? 0);

    /// <summary>Bytes it keeps in the pool's memory, in either direction.</summary>
    public int BufferedBytes => QueuedBytes + HeldBytes;

    /// <summary>Memory of the pool that unfinished input takes: whole blocks, not only the bytes in them.</summary>
    public int HeldBlockBytes => _received.BlockBytes + (_webSocket?.BlockBytes ?? 0);

    /// <summary>Blocks of the pool it holds, in either direction.</summary>
    public int LeaseCount => _queue.LeaseCount + (_received.HoldsLease ? 1 : 0) + (_webSocket?.LeaseCount ?? 0);

    /// <summary>How bodies are framed: an <see cref="IFramer"/>, or a <see cref="WebSocketProtocol"/>. A framer may be replaced between two bodies.</summary>
    public IFrameWriter Framing
    {
        get => _queue.Framing;
        set
        {
            _queue.Framing = value;
            _framer = value as IFramer;
            _webSocket = value as WebSocketProtocol;
            Invariant.Holds(_framer is not null || _webSocket is not null);
        }
    }

    /// <summary>Most bytes of one receive. What comes too early to be delivered is held, so a peer that nobody knows yet is read in small pieces.</summary>
    public int MaxReceiveBytes { get; set; }

    /// <summary>Send progress, for the owner's deadlines; null while the peer has never held bytes back.</summary>
    public SendBacklog? Backlog { get; private set; }

    /// <summary>The longest frame there may be; a wait for more would never end.</summary>
    private int MaxFrameBytes => Framing.HeaderBytes + Framing.MaxBodyBytes + Framing.Trailer.Length;

    private bool IsBlocked => Backlog is { IsBlocked: true };

    /// <summary>Whether all there is to do is to wait for input.</summary>
    private bool IsQuiet =>
        State == ConnectionState.Open && !_isDirty && !_isReadPaused && _queue.IsEmpty && !_received.HoldsLease && IsWaitingForInput
        && MaxReceiveBytes == ReceiveScratch.ReceiveBytes;

    /// <summary>Serves a socket that is connected. A WebSocket is open only when its owner is told so.</summary>
    public SocketStatus Open(SocketHandle ownedSocket, IConnectionOwner owner, IFrameWriter framing, StreamLimits limits)
    {
        bool isWebSocket = framing is WebSocketProtocol;
        ConnectionState state = isWebSocket ? ConnectionState.Opening : ConnectionState.Open;
        SocketStatus status = Start(ownedSocket, owner, framing, limits, state, Interest.Readable);
        if (status == SocketStatus.Ok && isWebSocket)
        {
            AwaitUpgrade();
        }

        return status;
    }

    /// <summary>Serves a socket whose connection attempt is in progress, and gives it up at the dial timeout.</summary>
    public SocketStatus Dial(SocketHandle ownedSocket, IConnectionOwner owner, IFrameWriter framing, StreamLimits limits)
    {
        SocketStatus status = Start(ownedSocket, owner, framing, limits, ConnectionState.Connecting, Interest.Writable);
        if (status == SocketStatus.Ok)
        {
            _deadline = Context.Timers.Schedule(Context.Clock.PeerTime + limits.DialTimeout, this);
        }

        return status;
    }

    /// <summary>Serves a socket that was parked.</summary>
    public void Resume(in ParkedSocket socket, IConnectionOwner owner, IFrameWriter framing, StreamLimits limits)
    {
        Begin(owner, framing, limits);
        TakeOver(socket.Socket, socket.Token, owner);
        State = ConnectionState.Open;
        _isBusy = unchecked(Milliseconds(Context.Clock.Now) - socket.Since) < Milliseconds(Context.QuietTime);
    }

    /// <summary>Leaves the socket to the owner when there is nothing to do; the object can serve another then.</summary>
    /// <returns>False when there is something, or the owner does not want it.</returns>
    public bool TryPark()
    {
        long now = Context.Clock.Now;
        if (!IsQuiet
            || (_isBusy && now - _usedAt < Context.QuietTime)
            || !_owner.TryPark(Framing, new ParkedSocket(Handle, Token, Milliseconds(now))))
        {
            return false;
        }

        HandOver(_owner);
        State = ConnectionState.Dead;
        Forget();
        return true;
    }

    public override void OnReady(Readiness readiness)
    {
        if (State == ConnectionState.Connecting)
        {
            FinishDial();
            return;
        }

        if ((readiness & Readiness.Writable) != 0 && !_queue.IsEmpty)
        {
            MarkDirty();
        }

        if ((readiness & (Readiness.Readable | Readiness.Failed)) != 0)
        {
            Receive((readiness & Readiness.Failed) != 0);
        }
    }

    /// <summary>Reads what waits in the kernel without the poller's report, before a deadline of the peer is held against it.</summary>
    /// <returns>False when messages that were received earlier have to be handled first.</returns>
    public bool TryReadWaiting()
    {
        bool mayBeMore = State is not ConnectionState.Connecting && !_sawEndOfStream;
        for (int turn = 0; mayBeMore && turn < MaxTurnsBeforeDeadline; turn++)
        {
            if (Context.Scratch.IsFull)
            {
                return false;
            }

            mayBeMore = Receive(failed: false);
        }

        return true;
    }

    /// <summary>Begins a body at the end of the send queue.</summary>
    /// <param name="maxBytes">Longest body allowed, if the framing does not allow less.</param>
    /// <param name="queue">Gives more memory.</param>
    /// <returns>Where to write it, or an empty span when the pool is exhausted, even after those who hold most were evicted.</returns>
    public Span<byte> BeginBody(int maxBytes, out SendQueue queue)
    {
        queue = _queue;
        maxBytes = Math.Min(maxBytes, Framing.MaxBodyBytes);
        if (_queue.IsEmpty)
        {
            // Answers are often about as long as what they answer, and a little more for the notes of where they end. What is sent later, such as
            // a broadcast, has nothing to do with it, and thousands of connections may get it at once.
            _queue.ExpectedBytes = _receivedIn == Context.Counters.Iterations ? _receivedBytes + (_receivedBytes / 8) : 0;
        }

        Span<byte> room = _queue.BeginBody(maxBytes);
        while (room.IsEmpty && TryMakeMemory())
        {
            room = _queue.BeginBody(maxBytes);
        }

        return room;
    }

    /// <summary>Completes the body begun last; it is sent in this iteration's Flush phase.</summary>
    public void CommitBody(int bodyBytes)
    {
        int before = _queue.QueuedBytes;
        _queue.CommitBody(bodyBytes);
        OnBodyQueued(before);
    }

    /// <summary>Forgets the body begun last.</summary>
    public void CancelBody() => _queue.CancelBody();

    /// <summary>Queues a body that is encoded already.</summary>
    /// <returns>False when the pool is exhausted.</returns>
    public bool TryAppend(ReadOnlySpan<byte> body)
    {
        int before = _queue.QueuedBytes;
        while (!_queue.TryAppend(body))
        {
            if (!_queue.CouldHold(body.Length) || !TryMakeMemory())
            {
                return false;
            }

            before = _queue.QueuedBytes; // Some of it may have been sent to make memory.
        }

        OnBodyQueued(before);
        return true;
    }

    /// <summary>Whether another body would exceed the send queue's limits, after an attempt to send what is queued.</summary>
    public bool IsFull()
    {
        if (_queue.QueuedBytes < _limits.MaxSendQueueBytes && _queue.QueuedBodies < _limits.MaxSendQueueBodies)
        {
            return false;
        }

        // A burst within one tick is not yet a slow consumer: the kernel may take it all.
        if (!IsBlocked)
        {
            Flush();
        }

        return _queue.QueuedBytes >= _limits.MaxSendQueueBytes || _queue.QueuedBodies >= _limits.MaxSendQueueBodies;
    }

    /// <summary>Takes nothing more from the peer: what it still sends is discarded, so that a peer which writes first and reads later comes to reading.</summary>
    public void EndInput()
    {
        if (State != ConnectionState.Open)
        {
            return;
        }

        State = ConnectionState.Replying;
        _isReadPaused = false;
        _webSocket?.DiscardMessages();
        if (_webSocket is not null && ReadsMessages)
        {
            DeliverHeld(); // Frames are still told apart: one of them may be the peer's close frame.
        }
        else
        {
            ReleaseReceived();
        }

        UpdateInterest();
    }

    /// <summary>Sends what is queued, half-closes, discards what still arrives, and closes when the peer has or the close timeout is over.</summary>
    /// <param name="reason">What a WebSocket's close frame says.</param>
    /// <param name="text">What it adds, for people.</param>
    /// <remarks>A close with unread input would be a reset, which can destroy the last body before the peer has read it.</remarks>
    public void CloseGracefully(CloseReason reason = CloseReason.Normal, string text = "")
    {
        if (State is ConnectionState.Connecting || (State is ConnectionState.Opening && !_webSocket!.IsServer))
        {
            Abort(CloseReason.Normal);
            return;
        }

        if (State > ConnectionState.Replying)
        {
            return;
        }

        if (_webSocket is not null)
        {
            QueueLastWords(reason, text);
            if (IsDead)
            {
                return;
            }
        }

        State = ConnectionState.Draining;
        _isReadPaused = false;
        if (AwaitsPeerClose)
        {
            DeliverHeld(); // Among what is held may be the peer's close frame.
        }
        else
        {
            ReleaseReceived();
        }

        UpdateInterest();
        Context.Timers.Cancel(_deadline);
        _deadline = Context.Timers.Schedule(Context.Clock.PeerTime + _limits.CloseTimeout, this);
        MarkDirty();
    }

    /// <summary>Ends the connection at once; what is queued is lost and the peer sees a reset.</summary>
    public void Abort(CloseReason reason)
    {
        _resetOnClose = true;
        Die(reason, SocketStatus.Ok);
    }

    /// <summary>Sends what is queued, unless the kernel takes nothing anyway, so that the pool gets memory back.</summary>
    /// <returns>False when nothing was sent, or the connection is over.</returns>
    public bool TryRelieve()
    {
        int before = QueuedBytes;
        if (before > 0 && !IsBlocked)
        {
            Flush();
        }

        return !IsDead && QueuedBytes < before;
    }

    /// <summary>Ends the connection because the pool needs its memory, and gives that memory back at once.</summary>
    public void EvictForMemory()
    {
        _resetOnClose = true;
        if (QueuedBytes >= HeldBytes)
        {
            Die(CloseReason.SlowConsumer, SocketStatus.Ok);
        }
        else
        {
            Die(CloseReason.Evicted, SocketStatus.NoBuffers);
        }

        ClearQueue();
        ReleaseReceived();
    }

    /// <summary>Sends as much as the kernel takes in one call.</summary>
    public void Flush()
    {
        if (_webSocket is not null && CanSend)
        {
            AnswerPings();
        }

        _isDirty = false;
        if (State is ConnectionState.Opening or ConnectionState.Open or ConnectionState.Replying or ConnectionState.Draining)
        {
            if (!_queue.IsEmpty)
            {
                SendQueued();
            }

            if (State == ConnectionState.Draining && _queue.IsEmpty && !AwaitsPeerClose)
            {
                BeginLinger();
            }
            else if (_webSocket is { HasPongs: true } && !IsBlocked)
            {
                MarkDirty();
            }
        }
    }

    /// <summary>Delivers the frames held since the pause and reads again, unless the owner has no room still.</summary>
    public void ResumeReading()
    {
        _isReadPaused = false;
        if (State != ConnectionState.Open)
        {
            return;
        }

        DeliverHeld();
        UpdateInterest();
    }

    /// <summary>Brings the poller's interest in line with the state.</summary>
    public void UpdateInterest()
    {
        if (State is ConnectionState.Connecting or ConnectionState.Dead)
        {
            return; // A dial waits to become writable, whoever had this object before.
        }

        // The end of a stream stays readable for ever: whoever has seen it must not wait for it again.
        Interest interest = _isReadPaused || _sawEndOfStream ? Interest.None : Interest.Readable;
        if (IsBlocked)
        {
            interest |= Interest.Writable;
        }

        SocketStatus status = SetInterest(interest);
        if (status != SocketStatus.Ok && _unwatched == SocketStatus.Ok)
        {
            // Nobody would tell it any more when it can go on. It ends in this iteration's Close phase: whoever is in the middle of something goes on as if it lived.
            _unwatched = status;
            Context.MarkUnwatched(this);
        }
    }

    /// <summary>Ends the connection if the poller does not watch it as it should. Phase: Close.</summary>
    public void EndIfUnwatched()
    {
        if (_unwatched != SocketStatus.Ok)
        {
            _resetOnClose = true; // What is queued is lost, and the peer must not take what it has for all there is.
            Die(CloseReason.TransportError, _unwatched);
        }
    }

    /// <summary>Closes the socket and returns every lease. Phase: Close.</summary>
    public void Destroy()
    {
        Invariant.Holds(IsDead);
        Context.Timers.Cancel(_deadline);
        _received.Release();
        _webSocket?.Release();
        ClearQueue();
        Unregister(_resetOnClose);
        Context.Counters.ConnectionsClosed++;
        Forget();
        Context.ReturnConnection(this);
    }

    void ITimerTarget.OnTimer()
    {
        // The one deadline in force: of the dial, of the upgrade, or of the peer's close.
        switch (State)
        {
            case ConnectionState.Connecting:
                FinishDial();
                if (State == ConnectionState.Connecting)
                {
                    Die(CloseReason.TransportError, SocketStatus.TimedOut);
                }

                break;

            case ConnectionState.Opening:
                if (!TryReadWaiting())
                {
                    _deadline = Context.Timers.Schedule(Context.Clock.PeerTime, this);
                }
                else if (State == ConnectionState.Opening)
                {
                    OnUpgradeTimedOut();
                }

                break;

            default:
                _ = TryReadWaiting(); // The peer's own end may be there.
                if (!IsDead)
                {
                    Abort(CloseReason.TransportError);
                }

                break;
        }
    }

    private SocketStatus Start(SocketHandle ownedSocket, IConnectionOwner owner, IFrameWriter framing, StreamLimits limits, ConnectionState state, Interest interest)
    {
        Begin(owner, framing, limits);
        SocketStatus status = Register(ownedSocket, interest);
        if (status != SocketStatus.Ok)
        {
            Context.Stack.Close(ownedSocket, reset: true);
            return status;
        }

        State = state;
        Context.Counters.ConnectionsOpened++;
        return status;
    }

    private void Begin(IConnectionOwner owner, IFrameWriter framing, StreamLimits limits)
    {
        Invariant.Holds(IsDead);
        Invariant.Holds(_queue.IsEmpty);
        _owner = owner;
        Framing = framing;
        _limits = limits;
        _deadline = default;
        _receivedIn = -1;
        _usedAt = Context.Clock.Now;
        _isBusy = false;
        _isDirty = false;
        _isReadPaused = false;
        _sawEndOfStream = false;
        _resetOnClose = false;
        _unwatched = SocketStatus.Ok;
        MaxReceiveBytes = ReceiveScratch.ReceiveBytes;
        Backlog?.Clear();
    }

    private static int Milliseconds(long nanoseconds) => unchecked((int)(nanoseconds / 1_000_000));

    private void Forget()
    {
        _owner = null!;
        _queue.Framing = _noFraming;
        _framer = null;
        _webSocket = null;
    }

    private void FinishDial()
    {
        SocketStatus status = Context.Stack.FinishConnect(Handle);
        if (status is SocketStatus.InProgress or SocketStatus.Interrupted)
        {
            return;
        }

        if (status != SocketStatus.Ok)
        {
            Die(CloseReason.TransportError, status);
            return;
        }

        Context.Timers.Cancel(_deadline);
        State = _webSocket is null ? ConnectionState.Open : ConnectionState.Opening;
        UpdateInterest();
        if (_webSocket is null)
        {
            _owner.OnConnected();
        }
        else
        {
            AwaitUpgrade();
            QueueRaw(_webSocket.Request);
        }
    }

    /// <returns>Whether more may wait in the kernel, to be read in another turn.</returns>
    private bool Receive(bool failed)
    {
        _usedAt = Context.Clock.Now;
        for (int read = 0; read < MaxReadsPerIteration && !IsDead; read++)
        {
            if (State == ConnectionState.Open && _isReadPaused)
            {
                if (failed)
                {
                    // A hang-up is reported whatever the interest; what arrived before it is still wanted, later.
                    Detach();
                }

                return false;
            }

            Span<byte> room = Context.Scratch.Room[..MaxReceiveBytes];
            bool intoScratch = _received.IsEmpty || State != ConnectionState.Open;
            if (_webSocket is not null)
            {
                room = BehindHeldBytes();
            }
            else if (!intoScratch && !TryMakeRoom(out room))
            {
                return false;
            }

            SocketResult result = Context.Stack.Receive(Handle, room);
            if (result.Status != SocketStatus.Ok)
            {
                OnReceiveFailed(result.Status);
                return false;
            }

            if (result.Count == 0)
            {
                OnEndOfStream(failed);
                return false;
            }

            Context.Counters.BytesIn += result.Count;

            _receivedBytes = result.Count;
            _receivedIn = Context.Counters.Iterations;
            if (_webSocket is not null)
            {
                DeliverMessages(result.Count);
            }
            else
            {
                Deliver(room[..result.Count], intoScratch);
            }

            if (result.Count < room.Length)
            {
                return false; // The kernel's buffer is empty, and asking again would only cost a call that says so.
            }

            if (Context.Scratch.IsFull)
            {
                break; // Handlers have to look at what came first.
            }
        }

        return !IsDead;
    }

    private bool TryMakeRoom(out Span<byte> room)
    {
        int maxBytes = MaxFrameBytes;
        while (!_received.TryMakeRoom(Context.Pool, maxBytes, out room))
        {
            if (_received.Unread.Length >= maxBytes || !Context.Pool.CanEverRent(_received.BlockBytes + 1))
            {
                // Not a matter of memory that others hold: no eviction would make room.
                RejectFrame(FrameStatus.TooLarge);
                return false;
            }

            if (!TryMakeMemory())
            {
                Die(CloseReason.Evicted, SocketStatus.NoBuffers);
                return false;
            }
        }

        return true;
    }

    private void Deliver(ReadOnlySpan<byte> bytes, bool fromScratch)
    {
        if (State != ConnectionState.Open)
        {
            return; // Replying, draining or lingering: input is discarded so that the close is no reset.
        }

        if (!fromScratch)
        {
            _received.Received(bytes.Length);
            DeliverHeld();
            return;
        }

        Keep(bytes[CutFrames(bytes)..]);
    }

    /// <summary>Holds what is left of the scratch buffer until more arrives.</summary>
    private void Keep(ReadOnlySpan<byte> rest)
    {
        while ((_webSocket is null ? State == ConnectionState.Open : !IsDead) && !_received.TryKeep(Context.Pool, rest))
        {
            if (!Context.EvictLargestHolder())
            {
                Die(CloseReason.Evicted, SocketStatus.NoBuffers);
            }
        }
    }

    private void DeliverHeld()
    {
        if (_isDelivering)
        {
            return; // Somebody closes the connection from within a delivery, which goes on by itself.
        }

        _isDelivering = true;
        int consumed = _webSocket is null ? CutFrames(_received.Unread) : CutMessages(_received.Unread);
        _isDelivering = false;
        if (State == ConnectionState.Open
            || (State == ConnectionState.Draining && AwaitsPeerClose)
            || (State == ConnectionState.Replying && _webSocket is not null && ReadsMessages))
        {
            _received.Consume(consumed);
        }
        else
        {
            ReleaseReceived();
        }
    }

    /// <summary>Returns the held bytes, unless a body among them is being delivered right now; then that delivery returns them.</summary>
    private void ReleaseReceived()
    {
        if (!_isDelivering)
        {
            _received.Release();
            if (IsDead)
            {
                _webSocket?.Release();
            }
        }
    }

    private int CutFrames(ReadOnlySpan<byte> bytes)
    {
        int consumed = 0;
        while (consumed < bytes.Length && State == ConnectionState.Open)
        {
            FrameStatus status = _framer!.TryRead(bytes[consumed..], out FrameBounds frame);
            if (status == FrameStatus.Incomplete)
            {
                if (bytes.Length - consumed < MaxFrameBytes)
                {
                    break;
                }

                // The framer contradicts itself: it waits for more than the longest frame it allows.
                status = FrameStatus.TooLarge;
            }

            if (status != FrameStatus.Complete)
            {
                RejectFrame(status);
                return bytes.Length;
            }

            var bodies = new BodyRun(_framer, bytes[consumed..], in frame);
            if (!_owner.OnBodies(ref bodies))
            {
                PauseReading();
                break;
            }

            consumed += bodies.TakenBytes;
            Context.Counters.BodiesIn += bodies.TakenBodies;
        }

        return consumed;
    }

    private void RejectFrame(FrameStatus status)
    {
        bool isTooLarge = status == FrameStatus.TooLarge;
        _owner.OnBadInput(
            isTooLarge ? CloseReason.FrameTooLarge : CloseReason.Malformed,
            isTooLarge ? "A frame is longer than allowed." : "A frame is malformed.");
    }

    private void PauseReading()
    {
        if (!_isReadPaused)
        {
            _isReadPaused = true;
            Context.Counters.ReadPauses++;
            Context.MarkPaused(this);
        }
    }

    private void OnReceiveFailed(SocketStatus status)
    {
        // A transient failure needs nothing: the poller reports the socket again.
        if (status.Classify() is not FailureClass.Transient)
        {
            Die(CloseReason.TransportError, status);
        }
    }

    private void OnEndOfStream(bool bothDirections)
    {
        if (State is ConnectionState.Opening)
        {
            OnEndOfUpgrade();
            return;
        }

        if (State is not ConnectionState.Open)
        {
            _sawEndOfStream = true;
            if (State is ConnectionState.Lingering)
            {
                Die(CloseReason.Normal, SocketStatus.Ok);
            }
            else
            {
                // What is queued may still reach a peer that only half-closed; the close deadline bounds the attempt.
                UpdateInterest();
                MarkDirty();
                DetachIfHungUp(bothDirections);
            }

            return;
        }

        bool isTruncated = !_received.IsEmpty || _webSocket is { IsInMessage: true };
        _sawEndOfStream = true;
        UpdateInterest();
        _owner.OnEndOfStream(isTruncated ? CloseReason.Truncated : CloseReason.Disconnected);
        DetachIfHungUp(bothDirections);
    }

    /// <summary>A hang-up is reported whatever the interest, while handlers are still at what came before it.</summary>
    private void DetachIfHungUp(bool isHungUp)
    {
        if (isHungUp && State == ConnectionState.Replying)
        {
            Detach();
        }
    }

    private void SendQueued()
    {
        if (_framer is GuardedFramer { HasFailedToWrite: true })
        {
            Abort(CloseReason.HandlerFault); // A frame in the queue has no valid header.
            return;
        }

        _usedAt = Context.Clock.Now;
        Span<SendSegment> segments = stackalloc SendSegment[MaxSegmentsPerSend];
        int count = _queue.FillSegments(segments);
        SocketResult result = Context.Stack.Send(Handle, segments[..count]);
        if (result.Status == SocketStatus.Ok)
        {
            Context.Counters.BytesOut += result.Count;
            Context.Counters.QueuedBytes -= result.Count;
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
                UpdateInterest();
            }
            else if (result.Count < offered)
            {
                OnSendBlocked(result.Count);
            }
            else
            {
                Backlog?.Progressed(Context.Clock.PeerTime, result.Count);
                MarkDirty();
            }
        }
        else if (result.Status.Classify() is FailureClass.Transient)
        {
            OnSendBlocked(sentBytes: 0);
        }
        else
        {
            Die(CloseReason.TransportError, result.Status);
        }
    }

    private void OnSendBlocked(int sentBytes)
    {
        bool isNew = !IsBlocked;
        (Backlog ??= new SendBacklog()).Blocked(Context.Clock.PeerTime, sentBytes);
        UpdateInterest();
        if (isNew && CanSend)
        {
            _owner.OnSendBlocked();
        }
    }

    private void BeginLinger()
    {
        if (_webSocket is not { IsServer: false, IsPeerClosed: true })
        {
            // Of a WebSocket that both sides have closed, the server ends the stream first (RFC 6455, section 7.1.1).
            Context.Stack.ShutdownSend(Handle);
        }

        State = ConnectionState.Lingering;
        UpdateInterest();
        if (_sawEndOfStream)
        {
            Die(CloseReason.Normal, SocketStatus.Ok);
        }
    }

    /// <summary>Makes memory for another attempt to queue something. One eviction may free blocks of other sizes only; each sends bytes or ends a connection, so attempts end too.</summary>
    /// <returns>False when there is nobody to evict, or this connection was.</returns>
    private bool TryMakeMemory() => Context.EvictLargestHolder() && !IsDead;

    private void OnBodyQueued(int bytesBefore)
    {
        Context.Counters.BodiesOut++;
        Context.Counters.QueuedBytes += _queue.QueuedBytes - bytesBefore;
        MarkDirty();
    }

    private void ClearQueue()
    {
        Context.Counters.QueuedBytes -= _queue.QueuedBytes;
        _queue.Clear();
    }

    private void MarkDirty()
    {
        if (!_isDirty && !IsDead)
        {
            _isDirty = true;
            Context.MarkDirty(this);
        }
    }

    private void Die(CloseReason reason, SocketStatus failure)
    {
        if (!IsDead)
        {
            State = ConnectionState.Dead;
            Context.MarkDead(this);
            _owner.OnDisconnected(reason, failure);
        }
    }
}
