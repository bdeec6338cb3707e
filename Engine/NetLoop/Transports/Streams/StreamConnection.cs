using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Sending;
using NetLoop.Stack;
using NetLoop.Time;

namespace NetLoop.Transports.Streams;

/// <summary>
/// One TCP or Unix stream connection: its socket, its states, and its send queue. Its bytes are turned into bodies by its
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
    private IStreamChannel _channel;
    private bool _isPlain = true;
    private long _closeTimeout;
    private long _usedAt;
    private bool _isBusy;
    private bool _resetOnClose;
    private SocketStatus _unwatched;
    private LatestBodies? _latest;

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
    public override int HeldBlockBytes => _received.BlockBytes + _protocol.HeldBlockBytes + (_isPlain ? 0 : _channel.HeldBlockBytes);

    /// <inheritdoc/>
    public override int LatestBytes => _latest?.Bytes ?? 0;

    /// <inheritdoc/>
    public override HttpUpgrade? Upgrade => _protocol.ReadUpgrade();

    /// <inheritdoc/>
    public override string? Subprotocol => _protocol.Subprotocol;

    /// <inheritdoc/>
    public override TlsPeer? TlsPeer => _channel.Peer;

    /// <summary>Blocks of the pool it holds, in either direction.</summary>
    public int LeaseCount => _sender.LeaseCount + (_latest?.Count ?? 0) + (_received.HoldsLease ? 1 : 0) + _protocol.LeaseCount + _channel.LeaseCount;

    /// <summary>The protocol that it speaks. May be replaced between two bodies.</summary>
    public StreamProtocol Protocol
    {
        get => _protocol;
        private set
        {
            _protocol = value;
            _sender.Framing = value.Framing;
        }
    }

    /// <summary>How fast the peer reads; null until bytes had to wait for it.</summary>
    public SendBacklog? Backlog => _sender.Backlog;

    /// <summary>What the poller watches for; nothing while it is not registered.</summary>
    public Interest WatchedInterest => _socket.WatchedInterest;

    /// <summary>Its key in the socket table.</summary>
    public Token Token => _socket.Token;

    public BufferPool Pool => Set.Pool;

    /// <summary>The number of the loop's iteration.</summary>
    public long Iteration => Set.Counters.Iterations;

    /// <summary>Whether the channel holds bytes to send that the socket has not accepted yet.</summary>
    private bool ChannelHoldsOutput => !_isPlain && _channel.HoldsOutput;

    private bool AwaitsPeerClose => _protocol.AwaitsPeerClose && !_sawEndOfStream;

    /// <summary>Whether it only waits for input.</summary>
    private bool IsQuiet =>
        State == ConnectionState.Open
            && _protocol.IsStateless
            && _isPlain
            && !IsDirty
            && !IsReadPaused
            && _sender.IsEmpty
            && !_received.HoldsLease
            && _socket.IsWaitingForInput
        && MaxReceiveBytes == ReceiveScratch.ReceiveBytes;

    /// <summary>What is queued, counted again. For the simulator's invariants.</summary>
    public (int Bytes, int Bodies) RecountQueue() => _sender.Recount();

    /// <summary>Serves a connected socket; the connection is open at once, or when the protocol's handshake is done.</summary>
    /// <returns>Ok; otherwise the poller cannot watch the socket: it is closed, and the object is back in the pool.</returns>
    public SocketStatus Open(
        SocketHandle ownedSocket, IConnectionOwner owner, StreamProtocol protocol, StreamLimits limits, IStreamChannel? channel = null)
    {
        SocketStatus status = Start(ownedSocket, owner, protocol, limits, Interest.Readable, channel);
        if (status == SocketStatus.Ok)
        {
            BeginOpening();
        }

        return status;
    }

    /// <summary>Serves a socket whose connection attempt is in progress; gives up at the dial timeout.</summary>
    /// <inheritdoc cref="Open"/>
    public SocketStatus Dial(
        SocketHandle ownedSocket, IConnectionOwner owner, StreamProtocol protocol, StreamLimits limits, IStreamChannel? channel = null)
    {
        SocketStatus status = Start(ownedSocket, owner, protocol, limits, Interest.Writable, channel);
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

        // Responses are often about as long as their requests, plus the positions of their ends. This does not apply to what is sent later, such as a
        // broadcast, which thousands of connections may get at once.
        int expectedBytes = _receivedIn == Iteration ? _receivedBytes + (_receivedBytes / 8) : 0;
        Span<byte> room = _sender.BeginBody(maxBytes, expectedBytes);
        while (room.IsEmpty && TryMakeMemory())
        {
            room = _sender.BeginBody(maxBytes, expectedBytes);
        }

        return room;
    }

    /// <inheritdoc/>
    public override void CommitBody(int bodyBytes, SendMode mode = default)
    {
        _sender.CommitBody(bodyBytes);
        MarkDirty();
    }

    /// <inheritdoc/>
    public override void CancelBody() => _sender.CancelBody();

    /// <inheritdoc/>
    public override bool TryAppend(ReadOnlySpan<byte> body, SendMode mode = default)
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
    public override bool TryHoldLatest(ReadOnlySpan<byte> body, SendMode mode) =>
        mode.Delivery == Delivery.Sequenced && (_latest ??= new LatestBodies(Pool)).TryHold(body, mode);

    /// <inheritdoc/>
    public override bool IsFull()
    {
        // A burst within one tick does not mean a slow consumer: the kernel may take all of it.
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

    /// <summary>Sends what is queued, half-closes, and discards what still arrives. Closes when the peer has closed or the close timeout has passed.</summary>
    /// <remarks>A close with unread input would be a reset, which can destroy the last body before the peer has read it.</remarks>
    /// <inheritdoc/>
    public override void CloseGracefully(CloseReason reason = CloseReason.Normal, string text = "")
    {
        if (State is ConnectionState.Connecting || (State is ConnectionState.Opening && !(_channel.IsOpen && _protocol.AnswersHandshake)))
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
        _latest?.Clear();
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
            else if (ChannelHoldsOutput)
            {
                FlushChannel();
            }

            if (_latest is { Count: > 0 } && _sender.IsEmpty && CanSend)
            {
                _latest.MoveTo(this);
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
        else if (State == ConnectionState.Lingering && ChannelHoldsOutput)
        {
            FlushChannel();
            DieIfBothHaveClosed();
        }
    }

    /// <inheritdoc/>
    public override void UpdateInterest()
    {
        if (State is ConnectionState.Connecting or ConnectionState.Dead)
        {
            return; // A dial waits for the socket to become writable.
        }

        // After the end of the stream the socket stays readable: watching it would report it in every wait.
        Interest interest = IsReadPaused || _sawEndOfStream ? Interest.None : Interest.Readable;
        if (IsSendBlocked || ChannelHoldsOutput)
        {
            interest |= Interest.Writable;
        }

        SocketStatus status = _socket.SetInterest(Set, interest);
        if (status != SocketStatus.Ok && _unwatched == SocketStatus.Ok)
        {
            // The poller would not report when it can continue. It ends in this iteration's Close phase, so that code which uses it now need not check
            // whether it is still open.
            _unwatched = status;
            Set.MarkUnwatched(this);
        }

        MarkUnread();
    }

    /// <inheritdoc/>
    public override void EndIfUnwatched()
    {
        if (_unwatched != SocketStatus.Ok)
        {
            _resetOnClose = true; // What is queued is lost; the reset tells the peer that the stream is incomplete.
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
        _channel.Release();
        _sender.Clear();
        _latest?.Clear();
        _socket.Unregister(Set, _resetOnClose);
        Set.Counters.ConnectionsClosed++;
        Set.Remove(this);
        Forget();
    }

    void ITimerTarget.OnTimer()
    {
        // The current deadline: of the dial, of the protocol's handshake, or of the peer's close.
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
                TimerHandle fired = Deadline;
                if (!TryReadWaiting())
                {
                    Deadline = Set.Timers.Schedule(Set.Clock.PeerTime, this);
                }
                else if (State == ConnectionState.Opening && Deadline == fired)
                {
                    // Otherwise the channel has just been opened, and the protocol has a deadline of its own.
                    OnHandshakeTimedOut();
                }

                break;

            default:
                _ = TryReadWaiting(); // The peer's end of the stream may have arrived.
                if (!IsDead)
                {
                    Abort(CloseReason.TransportError);
                }

                break;
        }
    }

    /// <summary>Frees memory, or ends the connection.</summary>
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

    /// <summary>Called when the protocol's handshake is done.</summary>
    /// <param name="response">The response that completes it, to be sent before anything else; may be empty.</param>
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

    /// <summary>Called when the peer has said that it sends no more.</summary>
    public void OnPeerClosed(CloseReason reason, string text) => Owner!.OnEndOfInput(reason, text);

    /// <summary>Called when the input violates the protocol.</summary>
    public void Reject(CloseReason reason, string text) => Owner!.OnBadInput(reason, text);

    /// <summary>Ends the connection because the peer ended it before it was open.</summary>
    public void EndByPeer(CloseReason reason) => Die(reason);

    /// <summary>Ends the connection because its socket failed, or the peer violated the channel's protocol.</summary>
    public void Fail(SocketStatus failure) => Die(
        failure == SocketStatus.ProtocolError && _channel.AnswersHandshake ? CloseReason.Malformed : CloseReason.TransportError,
        failure,
        failure == SocketStatus.ProtocolError ? _channel.FailureText : null);

    private SocketStatus Start(
        SocketHandle ownedSocket, IConnectionOwner owner, StreamProtocol protocol, StreamLimits limits, Interest interest, IStreamChannel? channel)
    {
        Begin(owner, protocol, limits);
        UseChannel(channel ?? _pool.Plain);
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
        _isMarkedUnread = false;
        MaxReceiveBytes = ReceiveScratch.ReceiveBytes;
    }

    private static int Milliseconds(long nanoseconds) => unchecked((int)(nanoseconds / 1_000_000));

    /// <summary>Clears the owner and returns the object to the pool.</summary>
    private void Forget()
    {
        ForgetOwner();
        Protocol = NoProtocol;
        UseChannel(_pool.Plain);
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
        if (!_channel.IsOpen)
        {
            _ = TryOpenChannel();
        }
        else
        {
            OnChannelOpened();
        }
    }

    /// <summary>
    /// Called when the socket is connected, and again when the channel's handshake has ended. Begins the next handshake, of the channel or the protocol, or
    /// opens the connection.
    /// </summary>
    private void BeginOpening()
    {
        if (_channel.IsOpen && !_protocol.OpensByHandshake)
        {
            State = ConnectionState.Open;
            return;
        }

        State = ConnectionState.Opening;
        long timeout = _channel.IsOpen ? _protocol.HandshakeTimeout : _channel.HandshakeTimeout;
        Deadline = Set.Timers.Schedule(Set.Clock.PeerTime + timeout, this);
    }

    /// <summary>Begins or continues the channel's handshake.</summary>
    /// <returns>Whether it is done.</returns>
    private bool TryOpenChannel()
    {
        SocketStatus status = _channel.Open(_socket.Handle);
        if (status.Classify() is FailureClass.Transient)
        {
            if (_channel.HoldsOutput)
            {
                UpdateInterest();
            }
        }
        else if (status != SocketStatus.Ok)
        {
            Fail(status);
        }
        else if (!_channel.IsOpen)
        {
            OnEndOfChannelHandshake();
        }
        else
        {
            NetEndpoint client = _channel.ClientAddress;
            UseChannel(_channel.HandOver());
            if (_channel.IsOpen)
            {
                Set.Timers.Cancel(Deadline);
                BeginOpening();
            }

            // A client that is rejected is told the reason, if bodies can be sent already.
            if (client.Transport != TransportKind.None && !Owner!.TryMove(client))
            {
                return false;
            }

            if (!_channel.IsOpen)
            {
                return TryOpenChannel();
            }

            if (ChannelHoldsOutput)
            {
                UpdateInterest();
            }

            OnChannelOpened();
        }

        return _channel.IsOpen && !IsDead;
    }

    private void UseChannel(IStreamChannel channel)
    {
        _isPlain = channel == _pool.Plain;
        _channel = channel;
    }

    private void OnChannelOpened()
    {
        if (State == ConnectionState.Open)
        {
            Owner!.OnConnected();
        }
        else
        {
            _protocol.BeginHandshake(this);
        }
    }

    private void OnEndOfChannelHandshake()
    {
        if (_channel.AnswersHandshake)
        {
            Die(CloseReason.Disconnected);
        }
        else
        {
            Die(CloseReason.TransportError, SocketStatus.ProtocolError, $"the server closed the connection during the {_channel.HandshakeName}");
        }
    }

    private void OnHandshakeTimedOut()
    {
        if (_channel.IsOpen)
        {
            _protocol.OnHandshakeTimedOut(this);
        }
        else
        {
            Reject(CloseReason.HandshakeTimeout, $"No {_channel.HandshakeName} within the handshake timeout.");
        }
    }

    /// <summary>Sends the bytes that the channel holds.</summary>
    private void FlushChannel()
    {
        SocketStatus status = _channel.Flush(_socket.Handle);
        if (status != SocketStatus.Ok && status.Classify() is not FailureClass.Transient)
        {
            Fail(status);
        }
        else
        {
            UpdateInterest();
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
        DieIfBothHaveClosed();
    }

    /// <summary>Ends a connection that lingers when the peer has closed and everything is sent, the channel's own end included.</summary>
    private void DieIfBothHaveClosed()
    {
        if (State == ConnectionState.Lingering && _sawEndOfStream && !ChannelHoldsOutput)
        {
            Die(CloseReason.Normal);
        }
    }
}
