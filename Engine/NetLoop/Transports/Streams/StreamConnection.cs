using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Time;

namespace NetLoop.Transports.Streams;

/// <summary>
/// One TCP or Unix stream connection: its socket, its states, and what it has to send. How its bytes become bodies is a matter of its
/// <see cref="StreamProtocol"/>.
/// </summary>
internal sealed partial class StreamConnection : Connection, ITimerTarget
{
    /// <summary>Placeholder while the pooled object serves no connection.</summary>
    private static readonly FramedProtocol NoProtocol = new(new RawFramer(maxChunkBytes: 1));

    private readonly StreamConnectionPool _pool;
    private readonly StreamSender _sender;
    private PolledSocket _socket = new();
    private StreamProtocol _protocol = NoProtocol;
    private readonly IStreamChannel _channel;
    private long _closeTimeout;
    private long _usedAt;
    private bool _isBusy;
    private bool _resetOnClose;
    private SocketStatus _unwatched;

    public StreamConnection(StreamConnectionPool pool)
        : base(pool.Set)
    {
        _pool = pool;
        _channel = pool.Plain;
        _sender = new StreamSender(pool.Set, NoProtocol.Framing);
    }

    /// <inheritdoc/>
    public override bool IsSendBlocked => _sender.IsBlocked;

    /// <inheritdoc/>
    public override int MaxBodyBytes => _protocol.Framing.MaxBodyBytes;

    /// <inheritdoc/>
    public override int QueuedBodies => _sender.QueuedBodies;

    /// <inheritdoc/>
    public override int QueuedBytes => _sender.QueuedBytes;

    /// <inheritdoc/>
    public override int HeldBytes => _received.Unread.Length + _protocol.HeldBytes;

    /// <inheritdoc/>
    public override int HeldBlockBytes => _received.BlockBytes + _protocol.HeldBlockBytes;

    /// <summary>Blocks of the pool it holds, in either direction.</summary>
    public int LeaseCount => _sender.LeaseCount + (_received.HoldsLease ? 1 : 0) + _protocol.LeaseCount;

    /// <summary>What it speaks. May be replaced between two bodies.</summary>
    public StreamProtocol Protocol
    {
        get => _protocol;
        private set
        {
            _protocol = value;
            _sender.Framing = value.Framing;
        }
    }

    /// <summary>How well the peer reads; null while it has never held bytes back.</summary>
    public SendBacklog? Backlog => _sender.Backlog;

    /// <summary>What the poller watches for; nothing while it is not registered.</summary>
    public Interest WatchedInterest => _socket.WatchedInterest;

    /// <summary>Under which the table of sockets finds it.</summary>
    public Token Token => _socket.Token;

    public BufferPool Pool => Set.Pool;

    /// <summary>The number of the loop's iteration.</summary>
    public long Iteration => Set.Counters.Iterations;

    private bool AwaitsPeerClose => _protocol.AwaitsPeerClose && !_sawEndOfStream;

    /// <summary>Whether all there is to do is to wait for input.</summary>
    private bool IsQuiet =>
        State == ConnectionState.Open
            && _protocol.IsStateless
            && !IsDirty
            && !IsReadPaused
            && _sender.IsEmpty
            && !_received.HoldsLease
            && _socket.IsWaitingForInput
        && MaxReceiveBytes == ReceiveScratch.ReceiveBytes;

    /// <summary>What is queued, counted again. For the simulator's invariants.</summary>
    public (int Bytes, int Bodies) RecountQueue() => _sender.Recount();

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

    /// <inheritdoc/>
    public override Span<byte> BeginBody(int maxBytes, out IBodyBuffer buffer)
    {
        buffer = _sender.Buffer;
        maxBytes = Math.Min(maxBytes, MaxBodyBytes);

        // Answers are often about as long as what they answer, and a little more for the notes of where they end. What is sent later, such as
        // a broadcast, has nothing to do with it, and thousands of connections may get it at once.
        int expectedBytes = _receivedIn == Iteration ? _receivedBytes + (_receivedBytes / 8) : 0;
        Span<byte> room = _sender.BeginBody(maxBytes, expectedBytes);
        while (room.IsEmpty && TryMakeMemory())
        {
            room = _sender.BeginBody(maxBytes, expectedBytes);
        }

        return room;
    }

    /// <inheritdoc/>
    public override void CommitBody(int bodyBytes)
    {
        _sender.CommitBody(bodyBytes);
        MarkDirty();
    }

    /// <inheritdoc/>
    public override void CancelBody() => _sender.CancelBody();

    /// <inheritdoc/>
    public override bool TryAppend(ReadOnlySpan<byte> body)
    {
        while (!_sender.TryAppend(body))
        {
            if (!_sender.CouldHold(body.Length) || !TryMakeMemory())
            {
                return false;
            }
        }

        MarkDirty();
        return true;
    }

    /// <inheritdoc/>
    public override bool IsFull()
    {
        // A burst within one tick is not yet a slow consumer: the kernel may take it all.
        if (_sender.IsAtLimit && !IsSendBlocked)
        {
            Flush();
        }

        return _sender.IsAtLimit;
    }

    /// <inheritdoc/>
    public override long SlowPeerDeadline(long now) => _sender.SlowPeerDeadline(now);

    /// <inheritdoc/>
    public override bool IsTooSlow(long now) => _sender.IsTooSlow(now);

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
        Deadline = Set.Timers.Schedule(Set.Clock.PeerTime + _closeTimeout, this);
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

        _sender.Clear();
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
            if (!_sender.IsEmpty)
            {
                SendQueued();
            }

            if (State == ConnectionState.Draining && _sender.IsEmpty && !AwaitsPeerClose)
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
            // The poller would no longer report when it can continue. It ends in this iteration's Close phase, so that code which is using it now
            // need not check whether it still lives.
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
        _sender.Clear();
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
        while (!_sender.TryAppendFramed(bytes))
        {
            if (!TryMakeMemoryOrDie())
            {
                return;
            }
        }

        MarkDirty();
    }

    /// <summary>Asks for a flush because the protocol has something to send.</summary>
    public void RequestFlush() => MarkDirty();

    /// <summary>The protocol's handshake is done.</summary>
    /// <param name="response">What completes it for the peer, to be sent before anything else; empty when there is nothing.</param>
    public void OnOpened(ReadOnlySpan<byte> response)
    {
        Set.Timers.Cancel(Deadline);
        State = ConnectionState.Open;
        if (!response.IsEmpty)
        {
            QueueRaw(response);
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
        Begin(owner);
        Protocol = protocol;
        _closeTimeout = limits.CloseTimeout;
        _sender.Begin(limits);
        _receivedIn = -1;
        _usedAt = Set.Clock.Now;
        _isBusy = false;
        _sawEndOfStream = false;
        _resetOnClose = false;
        _unwatched = SocketStatus.Ok;
        MaxReceiveBytes = ReceiveScratch.ReceiveBytes;
    }

    private static int Milliseconds(long nanoseconds) => unchecked((int)(nanoseconds / 1_000_000));

    /// <summary>Lets go of whom it served: the object is spare.</summary>
    private void Forget()
    {
        ForgetOwner();
        Protocol = NoProtocol;
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

    private void SendQueued()
    {
        if (!_protocol.CanSend)
        {
            Abort(CloseReason.HandlerFault); // A frame in the queue has no valid header.
            return;
        }

        _usedAt = Set.Clock.Now;
        bool wasBlocked = IsSendBlocked;
        switch (_sender.Send(_channel, _socket.Handle, out SocketStatus failure))
        {
            case SendOutcome.Emptied:
                UpdateInterest();
                break;

            case SendOutcome.Progressed:
                MarkDirty();
                break;

            case SendOutcome.Blocked:
                UpdateInterest();
                if (!wasBlocked && CanSend)
                {
                    Owner!.OnSendBlocked();
                }

                break;

            default:
                Fail(failure);
                break;
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
}
