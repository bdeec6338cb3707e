using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Time;

namespace NetLoop.Transports.Streams;

/// <summary>One TCP or Unix stream connection: its socket, its states, and what it has to send. How its bytes become bodies is a matter of its <see cref="StreamProtocol"/>.</summary>
internal sealed class StreamConnection : Connection, ITimerTarget
{
    /// <summary>One fast peer must leave time in this iteration for the other sockets.</summary>
    private const int MaxReadsPerIteration = 4;

    /// <summary>How often that much is read ahead of a deadline: kernels hold some MiB for a connection, and a peer that sends as fast as it is read must not hold the loop.</summary>
    private const int MaxTurnsBeforeDeadline = 64;

    /// <summary>A kernel takes no more in one call from a socket with default buffers than fits in about this many blocks.</summary>
    private const int MaxSegmentsPerSend = 16;

    /// <summary>Stands in for that of the connection that was served last.</summary>
    private static readonly FramedProtocol _noProtocol = new(new RawFramer(maxChunkBytes: 1));

    private readonly StreamConnectionPool _pool;
    private readonly SendQueue _queue;
    private PolledSocket _socket = new();
    private ReceiveBuffer _received;
    private StreamProtocol _protocol = _noProtocol;
    private readonly IStreamChannel _channel;
    private StreamLimits _limits = null!;
    private int _receivedBytes;
    private long _receivedIn = -1;
    private long _usedAt;
    private bool _isBusy;
    private bool _sawEndOfStream;
    private bool _isDelivering;
    private bool _resetOnClose;
    private SocketStatus _unwatched;

    public StreamConnection(StreamConnectionPool pool)
        : base(pool.Set)
    {
        _pool = pool;
        _channel = pool.Plain;
        _queue = new SendQueue(pool.Set.Pool) { Framing = _noProtocol.Framing };
    }

    /// <inheritdoc/>
    public override bool IsSendBlocked => Backlog is { IsBlocked: true };

    /// <inheritdoc/>
    public override int MaxBodyBytes => _protocol.Framing.MaxBodyBytes;

    /// <inheritdoc/>
    public override int QueuedBodies => _queue.QueuedBodies;

    /// <inheritdoc/>
    public override int QueuedBytes => _queue.QueuedBytes;

    /// <inheritdoc/>
    public override int HeldBytes => _received.Unread.Length + _protocol.HeldBytes;

    /// <inheritdoc/>
    public override int HeldBlockBytes => _received.BlockBytes + _protocol.HeldBlockBytes;

    /// <summary>Blocks of the pool it holds, in either direction.</summary>
    public int LeaseCount => _queue.LeaseCount + (_received.HoldsLease ? 1 : 0) + _protocol.LeaseCount;

    /// <summary>What it speaks. May be replaced between two bodies.</summary>
    public StreamProtocol Protocol
    {
        get => _protocol;
        private set
        {
            _protocol = value;
            _queue.Framing = value.Framing;
        }
    }

    /// <summary>Most bytes of one receive. What comes too early to be delivered is held, so a peer that nobody knows yet is read in small pieces.</summary>
    public int MaxReceiveBytes { get; set; }

    /// <summary>How well the peer reads; null while it has never held bytes back.</summary>
    public SendBacklog? Backlog { get; private set; }

    /// <summary>What the poller watches for; nothing while it is not registered.</summary>
    public Interest WatchedInterest => _socket.WatchedInterest;

    /// <summary>Under which the table of sockets finds it.</summary>
    public Token Token => _socket.Token;

    /// <summary>What is received and not consumed.</summary>
    public ref ReceiveBuffer Received => ref _received;

    /// <summary>Where receives go whose connection holds nothing.</summary>
    public ReceiveScratch Scratch => Set.Scratch;

    public BufferPool Pool => Set.Pool;

    /// <summary>The number of the loop's iteration.</summary>
    public long Iteration => Set.Counters.Iterations;

    private bool AwaitsPeerClose => _protocol.AwaitsPeerClose && !_sawEndOfStream;

    /// <summary>Whether all there is to do is to wait for input.</summary>
    private bool IsQuiet =>
        State == ConnectionState.Open && _protocol.IsStateless && !IsDirty && !IsReadPaused && _queue.IsEmpty && !_received.HoldsLease && _socket.IsWaitingForInput
        && MaxReceiveBytes == ReceiveScratch.ReceiveBytes;

    /// <summary>What is queued, counted again. For the simulator's invariants.</summary>
    public (int Bytes, int Bodies) RecountQueue() => _queue.Recount();

    /// <summary>Serves a socket that is connected; open at once, or when the protocol's handshake is done.</summary>
    /// <returns>Ok; otherwise the poller cannot watch the socket, which is closed, and the object is spare again.</returns>
    public SocketStatus Open(SocketHandle ownedSocket, IConnectionOwner owner, StreamProtocol protocol, StreamLimits limits)
    {
        SocketStatus status = Start(ownedSocket, owner, protocol, limits, Interest.Readable);
        if (status == SocketStatus.Ok)
        {
            BeginOpening();
        }

        return status;
    }

    /// <summary>Serves a socket whose connection attempt is in progress, and gives it up at the dial timeout.</summary>
    /// <inheritdoc cref="Open"/>
    public SocketStatus Dial(SocketHandle ownedSocket, IConnectionOwner owner, StreamProtocol protocol, StreamLimits limits)
    {
        SocketStatus status = Start(ownedSocket, owner, protocol, limits, Interest.Writable);
        if (status == SocketStatus.Ok)
        {
            Deadline = Set.Timers.Schedule(Set.Clock.PeerTime + limits.DialTimeout, this);
        }

        return status;
    }

    /// <summary>Serves a socket that was parked.</summary>
    public void Resume(in ParkedConnection parked, IConnectionOwner owner, StreamProtocol protocol, StreamLimits limits)
    {
        Begin(owner, protocol, limits);
        _socket.TakeOver(Set, parked.Socket, parked.Token, owner, this);
        State = ConnectionState.Open;
        Set.Unpark(this);
        _isBusy = unchecked(Milliseconds(Set.Clock.Now) - parked.Since) < Milliseconds(Set.QuietTime);
    }

    /// <inheritdoc/>
    public override bool TryPark()
    {
        long now = Set.Clock.Now;
        if (!IsQuiet
            || (_isBusy && now - _usedAt < Set.QuietTime)
            || !Owner!.TryPark(new ParkedConnection(_socket.Handle, _socket.Token, Milliseconds(now))))
        {
            return false;
        }

        _socket.HandOver(Set, this, Owner);
        State = ConnectionState.Dead;
        Set.Park(this);
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

    /// <inheritdoc/>
    public override void Admit()
    {
        MaxReceiveBytes = ReceiveScratch.ReceiveBytes;
        Protocol = _protocol.Admit();
    }

    /// <inheritdoc/>
    public override bool TryReadWaiting()
    {
        bool mayBeMore = State is not ConnectionState.Connecting && !_sawEndOfStream;
        for (int turn = 0; mayBeMore && turn < MaxTurnsBeforeDeadline; turn++)
        {
            if (Set.Scratch.IsFull)
            {
                return false;
            }

            mayBeMore = Receive(failed: false);
        }

        return true;
    }

    /// <inheritdoc/>
    public override Span<byte> BeginBody(int maxBytes, out IBodyBuffer buffer)
    {
        buffer = _queue;
        maxBytes = Math.Min(maxBytes, MaxBodyBytes);
        if (_queue.IsEmpty)
        {
            // Answers are often about as long as what they answer, and a little more for the notes of where they end. What is sent later, such as
            // a broadcast, has nothing to do with it, and thousands of connections may get it at once.
            _queue.ExpectedBytes = _receivedIn == Set.Counters.Iterations ? _receivedBytes + (_receivedBytes / 8) : 0;
        }

        Span<byte> room = _queue.BeginBody(maxBytes);
        while (room.IsEmpty && TryMakeMemory())
        {
            room = _queue.BeginBody(maxBytes);
        }

        return room;
    }

    /// <inheritdoc/>
    public override void CommitBody(int bodyBytes)
    {
        int before = _queue.QueuedBytes;
        _queue.CommitBody(bodyBytes);
        OnBodyQueued(before);
    }

    /// <inheritdoc/>
    public override void CancelBody() => _queue.CancelBody();

    /// <inheritdoc/>
    public override bool TryAppend(ReadOnlySpan<byte> body)
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

    /// <inheritdoc/>
    public override bool IsFull()
    {
        if (_queue.QueuedBytes < _limits.MaxSendQueueBytes && _queue.QueuedBodies < _limits.MaxSendQueueBodies)
        {
            return false;
        }

        // A burst within one tick is not yet a slow consumer: the kernel may take it all.
        if (!IsSendBlocked)
        {
            Flush();
        }

        return _queue.QueuedBytes >= _limits.MaxSendQueueBytes || _queue.QueuedBodies >= _limits.MaxSendQueueBodies;
    }

    /// <inheritdoc/>
    public override long SlowPeerDeadline(long now) => Backlog is { IsBlocked: true } backlog ? backlog.NextLook(now, _limits) : NoDeadline;

    /// <inheritdoc/>
    public override bool IsTooSlow(long now) => Backlog is { IsBlocked: true } backlog && backlog.IsTooSlow(now, QueuedBytes, _limits);

    /// <inheritdoc/>
    public override void EndInput()
    {
        if (State != ConnectionState.Open)
        {
            return;
        }

        State = ConnectionState.Replying;
        IsReadPaused = false;
        _protocol.EndInput();
        KeepOrRelease(_protocol.Reads(State));
        UpdateInterest();
    }

    /// <summary>Sends what is queued, half-closes, discards what still arrives, and closes when the peer has or the close timeout is over.</summary>
    /// <remarks>A close with unread input would be a reset, which can destroy the last body before the peer has read it.</remarks>
    /// <inheritdoc/>
    public override void CloseGracefully(CloseReason reason = CloseReason.Normal, string text = "")
    {
        if (State is ConnectionState.Connecting || (State is ConnectionState.Opening && !_protocol.AnswersHandshake))
        {
            Abort(CloseReason.Normal);
            return;
        }

        if (State > ConnectionState.Replying)
        {
            return;
        }

        _protocol.Close(this, reason, text);
        if (IsDead)
        {
            return;
        }

        State = ConnectionState.Draining;
        IsReadPaused = false;
        KeepOrRelease(AwaitsPeerClose);
        UpdateInterest();
        Set.Timers.Cancel(Deadline);
        Deadline = Set.Timers.Schedule(Set.Clock.PeerTime + _limits.CloseTimeout, this);
        MarkDirty();
    }

    /// <summary>Ends the connection at once; what is queued is lost and the peer sees a reset.</summary>
    public override void Abort(CloseReason reason)
    {
        _resetOnClose = true;
        Die(reason);
    }

    /// <inheritdoc/>
    public override bool TryRelieve()
    {
        int before = QueuedBytes;
        if (before > 0 && !IsSendBlocked)
        {
            Flush();
        }

        return !IsDead && QueuedBytes < before;
    }

    /// <inheritdoc/>
    public override void EvictForMemory()
    {
        _resetOnClose = true;
        if (QueuedBytes >= HeldBytes)
        {
            Die(CloseReason.SlowConsumer);
        }
        else
        {
            Die(CloseReason.Evicted, SocketStatus.NoBuffers);
        }

        ClearQueue();
        ReleaseReceived();
    }

    /// <summary>Sends as much as the kernel takes in one call.</summary>
    public override void Flush()
    {
        if (CanSend)
        {
            _protocol.BeforeFlush(this);
        }

        ClearDirty();
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
            else if (_protocol.HasUnqueued && !IsSendBlocked)
            {
                MarkDirty();
            }
        }
    }

    /// <inheritdoc/>
    public override void ResumeReading()
    {
        IsReadPaused = false;
        if (State != ConnectionState.Open)
        {
            return;
        }

        DeliverHeld();
        UpdateInterest();
    }

    /// <inheritdoc/>
    public override void UpdateInterest()
    {
        if (State is ConnectionState.Connecting or ConnectionState.Dead)
        {
            return; // A dial waits to become writable, whoever had this object before.
        }

        // The end of a stream stays readable for ever: whoever has seen it must not wait for it again.
        Interest interest = IsReadPaused || _sawEndOfStream ? Interest.None : Interest.Readable;
        if (IsSendBlocked)
        {
            interest |= Interest.Writable;
        }

        SocketStatus status = _socket.SetInterest(Set, interest);
        if (status != SocketStatus.Ok && _unwatched == SocketStatus.Ok)
        {
            // Nobody would tell it any more when it can go on. It ends in this iteration's Close phase: whoever is in the middle of something goes on as if it lived.
            _unwatched = status;
            Set.MarkUnwatched(this);
        }
    }

    /// <inheritdoc/>
    public override void EndIfUnwatched()
    {
        if (_unwatched != SocketStatus.Ok)
        {
            _resetOnClose = true; // What is queued is lost, and the peer must not take what it has for all there is.
            Die(CloseReason.TransportError, _unwatched);
        }
    }

    /// <summary>Closes the socket and returns every lease. Phase: Close.</summary>
    public override void Destroy()
    {
        Invariant.Holds(IsDead);
        Set.Timers.Cancel(Deadline);
        _received.Release();
        _protocol.Release();
        ClearQueue();
        _socket.Unregister(Set, _resetOnClose);
        Set.Counters.ConnectionsClosed++;
        Set.Remove(this);
        Forget();
    }

    void ITimerTarget.OnTimer()
    {
        // The one deadline in force: of the dial, of the protocol's handshake, or of the peer's close.
        switch (State)
        {
            case ConnectionState.Connecting:
                FinishDial();
                if (State == ConnectionState.Connecting)
                {
                    Fail(SocketStatus.TimedOut);
                }

                break;

            case ConnectionState.Opening:
                if (!TryReadWaiting())
                {
                    Deadline = Set.Timers.Schedule(Set.Clock.PeerTime, this);
                }
                else if (State == ConnectionState.Opening)
                {
                    _protocol.OnHandshakeTimedOut(this);
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

    /// <summary>Offers bodies to the owner; those it does not take are kept, and reading pauses.</summary>
    /// <returns>False when it took none.</returns>
    public bool TryDeliver(ref BodyRun bodies)
    {
        if (!Owner!.OnBodies(ref bodies))
        {
            PauseReading();
            return false;
        }

        Set.Counters.BodiesIn += bodies.TakenBodies;
        return true;
    }

    /// <summary>Delivers what is held, as far as it can be.</summary>
    public void DeliverHeld()
    {
        if (_isDelivering)
        {
            return; // Somebody closes the connection from within a delivery, which goes on by itself.
        }

        _isDelivering = true;
        int consumed = _protocol.Cut(this, _received.Unread);
        _isDelivering = false;
        if (State == ConnectionState.Open || (_protocol.Reads(State) && (State != ConnectionState.Draining || AwaitsPeerClose)))
        {
            _received.Consume(consumed);
        }
        else
        {
            ReleaseReceived();
        }
    }

    /// <summary>Delivers bytes of the scratch buffer, the first of which are a copy of all that is held.</summary>
    public void DeliverInstead(Span<byte> bytes)
    {
        _received.Release();
        _isDelivering = true;
        int consumed = _protocol.Cut(this, bytes);
        _isDelivering = false;
        if (IsDead)
        {
            ReleaseReceived();
        }
        else
        {
            Keep(bytes[consumed..]);
        }
    }

    /// <summary>Holds what is left of the scratch buffer until more arrives.</summary>
    public void Keep(ReadOnlySpan<byte> rest)
    {
        while (MayKeep() && !_received.TryKeep(Pool, rest) && TryMakeMemoryOrDie())
        {
        }
    }

    /// <summary>Makes memory, or ends the connection.</summary>
    public bool TryMakeMemoryOrDie()
    {
        if (!TryMakeMemory())
        {
            Die(CloseReason.Evicted, SocketStatus.NoBuffers);
            return false;
        }

        return true;
    }

    /// <summary>Queues bytes that are framed already.</summary>
    public void QueueRaw(ReadOnlySpan<byte> bytes)
    {
        int before = _queue.QueuedBytes;
        while (!_queue.TryAppendFramed(bytes))
        {
            if (!TryMakeMemoryOrDie())
            {
                return;
            }

            before = _queue.QueuedBytes; // Some of it may have been sent to make memory.
        }

        Set.Counters.QueuedBytes += _queue.QueuedBytes - before;
        MarkDirty();
    }

    /// <summary>Asks for a flush, for what the protocol will have to send.</summary>
    public void AskForFlush() => MarkDirty();

    /// <summary>The protocol's handshake is done.</summary>
    /// <param name="lastWords">What ends it, to be sent first; empty when there is nothing.</param>
    public void OnOpened(ReadOnlySpan<byte> lastWords)
    {
        Set.Timers.Cancel(Deadline);
        State = ConnectionState.Open;
        if (!lastWords.IsEmpty)
        {
            QueueRaw(lastWords);
        }

        if (!IsDead)
        {
            Owner!.OnConnected();
        }
    }

    /// <summary>The peer said that it sends no more.</summary>
    public void OnPeerClosed(CloseReason reason) => Owner!.OnEndOfInput(reason);

    /// <summary>What arrived is not allowed.</summary>
    public void Reject(CloseReason reason, string text) => Owner!.OnBadInput(reason, text);

    /// <summary>The connection is over because the peer ended it before it was open.</summary>
    public void EndByPeer(CloseReason reason) => Die(reason);

    /// <summary>The connection is over because of its socket.</summary>
    public void Fail(SocketStatus failure) => Die(CloseReason.TransportError, failure);

    private SocketStatus Start(SocketHandle ownedSocket, IConnectionOwner owner, StreamProtocol protocol, StreamLimits limits, Interest interest)
    {
        Begin(owner, protocol, limits);
        SocketStatus status = _socket.Register(Set, this, ownedSocket, interest);
        if (status != SocketStatus.Ok)
        {
            Set.Stack.Close(ownedSocket, reset: true);
            Forget();
            return status;
        }

        State = ConnectionState.Connecting;
        Set.Counters.ConnectionsOpened++;
        Set.Add(this);
        return status;
    }

    private void Begin(IConnectionOwner owner, StreamProtocol protocol, StreamLimits limits)
    {
        Invariant.Holds(IsDead);
        Invariant.Holds(_queue.IsEmpty);
        Begin(owner);
        Protocol = protocol;
        _limits = limits;
        _receivedIn = -1;
        _usedAt = Set.Clock.Now;
        _isBusy = false;
        _sawEndOfStream = false;
        _resetOnClose = false;
        _unwatched = SocketStatus.Ok;
        MaxReceiveBytes = ReceiveScratch.ReceiveBytes;
        Backlog?.Clear();
    }

    private static int Milliseconds(long nanoseconds) => unchecked((int)(nanoseconds / 1_000_000));

    /// <summary>Lets go of whom it served: the object is spare.</summary>
    private void Forget()
    {
        ForgetOwner();
        Protocol = _noProtocol;
        _pool.Return(this);
    }

    private void FinishDial()
    {
        SocketStatus status = Set.Stack.FinishConnect(_socket.Handle);
        if (status is SocketStatus.InProgress or SocketStatus.Interrupted)
        {
            return;
        }

        if (status != SocketStatus.Ok)
        {
            Fail(status);
            return;
        }

        Set.Timers.Cancel(Deadline);
        BeginOpening();
        UpdateInterest();
        if (State == ConnectionState.Open)
        {
            Owner!.OnConnected();
        }
        else
        {
            _protocol.BeginHandshake(this);
        }
    }

    /// <summary>The socket is connected: the connection is open, or the protocol has a handshake first.</summary>
    private void BeginOpening()
    {
        State = ConnectionState.Open;
        if (_protocol.OpensByHandshake)
        {
            State = ConnectionState.Opening;
            Deadline = Set.Timers.Schedule(Set.Clock.PeerTime + _protocol.HandshakeTimeout, this);
        }
    }

    /// <returns>Whether more may wait in the kernel, to be read in another turn.</returns>
    private bool Receive(bool failed)
    {
        _usedAt = Set.Clock.Now;
        for (int read = 0; read < MaxReadsPerIteration && !IsDead; read++)
        {
            if (State == ConnectionState.Open && IsReadPaused)
            {
                if (failed)
                {
                    // A hang-up is reported whatever the interest; what arrived before it is still wanted, later.
                    _socket.Detach(Set);
                }

                return false;
            }

            if (!_protocol.TryMakeRoom(this, out Span<byte> room))
            {
                return false;
            }

            SocketResult result = _channel.Receive(_socket.Handle, room);
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

            Set.Counters.BytesIn += result.Count;

            _receivedBytes = result.Count;
            _receivedIn = Set.Counters.Iterations;
            _protocol.OnReceived(this, room[..result.Count]);
            if (result.Count < room.Length)
            {
                return false; // The kernel's buffer is empty, and asking again would only cost a call that says so.
            }

            if (Set.Scratch.IsFull)
            {
                break; // Handlers have to look at what came first.
            }
        }

        return !IsDead;
    }

    private bool MayKeep() => State == ConnectionState.Open || (_protocol.OpensByHandshake && !IsDead);

    /// <summary>Goes on with what is held because the peer's close may be among it, or gives it up.</summary>
    private void KeepOrRelease(bool isRead)
    {
        if (isRead)
        {
            DeliverHeld();
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
                _protocol.Release();
            }
        }
    }

    private void OnReceiveFailed(SocketStatus status)
    {
        // A transient failure needs nothing: the poller reports the socket again.
        if (status.Classify() is not FailureClass.Transient)
        {
            Fail(status);
        }
    }

    private void OnEndOfStream(bool bothDirections)
    {
        if (State is ConnectionState.Opening)
        {
            _protocol.OnEndOfHandshake(this);
            return;
        }

        if (State is not ConnectionState.Open)
        {
            _sawEndOfStream = true;
            if (State is ConnectionState.Lingering)
            {
                Die(CloseReason.Normal);
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

        bool isTruncated = !_received.IsEmpty || _protocol.IsInBody;
        _sawEndOfStream = true;
        UpdateInterest();
        Owner!.OnEndOfInput(isTruncated ? CloseReason.Truncated : CloseReason.Disconnected);
        DetachIfHungUp(bothDirections);
    }

    /// <summary>A hang-up is reported whatever the interest, while handlers are still at what came before it.</summary>
    private void DetachIfHungUp(bool isHungUp)
    {
        if (isHungUp && State == ConnectionState.Replying)
        {
            _socket.Detach(Set);
        }
    }

    private void SendQueued()
    {
        if (!_protocol.CanSend)
        {
            Abort(CloseReason.HandlerFault); // A frame in the queue has no valid header.
            return;
        }

        _usedAt = Set.Clock.Now;
        Span<SendSegment> segments = stackalloc SendSegment[MaxSegmentsPerSend];
        int count = _queue.FillSegments(segments);
        SocketResult result = _channel.Send(_socket.Handle, segments[..count]);
        if (result.Status == SocketStatus.Ok)
        {
            Set.Counters.BytesOut += result.Count;
            Set.Counters.QueuedBytes -= result.Count;
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
                Backlog?.Progressed(Set.Clock.PeerTime, result.Count);
                MarkDirty();
            }
        }
        else if (result.Status.Classify() is FailureClass.Transient)
        {
            OnSendBlocked(sentBytes: 0);
        }
        else
        {
            Fail(result.Status);
        }
    }

    private void OnSendBlocked(int sentBytes)
    {
        bool isNew = !IsSendBlocked;
        (Backlog ??= new SendBacklog()).Blocked(Set.Clock.PeerTime, sentBytes);
        UpdateInterest();
        if (isNew && CanSend)
        {
            Owner!.OnSendBlocked();
        }
    }

    private void BeginLinger()
    {
        if (_protocol.MayEndStreamFirst)
        {
            _channel.EndSending(_socket.Handle);
        }

        State = ConnectionState.Lingering;
        UpdateInterest();
        if (_sawEndOfStream)
        {
            Die(CloseReason.Normal);
        }
    }

    private void OnBodyQueued(int bytesBefore)
    {
        Set.Counters.BodiesOut++;
        Set.Counters.QueuedBytes += _queue.QueuedBytes - bytesBefore;
        MarkDirty();
    }

    private void ClearQueue()
    {
        Set.Counters.QueuedBytes -= _queue.QueuedBytes;
        _queue.Clear();
    }
}
