using NetLoop.Buffers;
using NetLoop.Framing;
using NetLoop.Stack;

namespace NetLoop.Transports.Streams;

/// <content>Receiving: from the kernel to the owner, up to the end of the stream.</content>
internal sealed partial class StreamConnection
{
    /// <summary>
    /// Limit of the turns of reading before a deadline. A kernel holds some MiB for a connection, and a peer that sends as fast as the loop reads must not
    /// occupy the loop.
    /// </summary>
    private const int MaxTurnsBeforeDeadline = 64;

    private ReceiveBuffer _received;
    private int _receivedBytes;
    private long _receivedIn = -1;
    private bool _sawEndOfStream;
    private bool _isDelivering;
    private bool _isMarkedUnread;

    /// <summary>Limit of one receive, in bytes. It is small during the handshake, because input that cannot be delivered yet is held in memory.</summary>
    public int MaxReceiveBytes { get; set; }

    /// <summary>The bytes received and not consumed.</summary>
    public ref ReceiveBuffer Received => ref _received;

    /// <summary>The shared buffer for connections that hold no bytes.</summary>
    public ReceiveScratch Scratch => Set.Scratch;

    public override void OnReady(Readiness readiness)
    {
        _isMarkedUnread = false;
        if (State == ConnectionState.Connecting)
        {
            FinishDial();
            return;
        }

        if ((readiness & Readiness.Writable) != 0 && (!_sender.IsEmpty || ChannelHoldsOutput))
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

    /// <summary>Offers bodies to the owner. If it does not take the first, reading pauses and the bodies are held.</summary>
    /// <returns>False when it took none.</returns>
    public bool TryDeliver(ref BodyBatch bodies)
    {
        if (!Owner!.OnBodies(ref bodies))
        {
            PauseReading();
            return false;
        }

        Set.Counters.BodiesIn += bodies.TakenBodies;
        return true;
    }

    /// <summary>Delivers the held bytes, as far as the owner has room.</summary>
    public void DeliverHeld()
    {
        if (_isDelivering)
        {
            return; // Called from within a delivery, which continues when this returns.
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

    /// <summary>Delivers bytes of the scratch buffer, which begins with a copy of the held bytes.</summary>
    public void DeliverScratch(Span<byte> bytes)
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

    /// <summary>Holds the rest of the scratch buffer until more arrives.</summary>
    public void Keep(ReadOnlySpan<byte> rest)
    {
        while (MayKeep() && !_received.TryKeep(Pool, rest) && TryMakeMemoryOrDie())
        {
        }
    }

    /// <returns>Whether the kernel may have more bytes for another turn.</returns>
    private bool Receive(bool failed)
    {
        bool mayBeMore = ReceiveTurn(failed);
        MarkUnread();
        return mayBeMore;
    }

    /// <summary>Lets the next wait of the loop report this connection, if its channel holds input that may be read now.</summary>
    private void MarkUnread()
    {
        if (!_isPlain && !_isMarkedUnread && !IsDead && !IsReadPaused && !_sawEndOfStream && _channel.HoldsInput)
        {
            _isMarkedUnread = true;
            Set.MarkUnread(_socket.Token);
        }
    }

    private bool ReceiveTurn(bool failed)
    {
        _usedAt = Set.Clock.Now;
        for (int read = 0; read < IterationBudget.MaxReceives && !IsDead; read++)
        {
            if (State == ConnectionState.Open && IsReadPaused)
            {
                if (failed)
                {
                    // A hang-up is reported whatever the interest. The bytes that arrived before it are read later.
                    _socket.Detach(Set);
                }

                return false;
            }

            if (State == ConnectionState.Opening && !_channel.IsOpen && !TryOpenChannel())
            {
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
            if (result.Count < room.Length && (_isPlain || !_channel.MayHaveMore))
            {
                return false; // The kernel's buffer is empty; another call would only confirm that.
            }

            if (Set.Scratch.IsFull)
            {
                break; // Handlers must run before more is received.
            }
        }

        return !IsDead;
    }

    private bool MayKeep() => State == ConnectionState.Open || (_protocol.OpensByHandshake && !IsDead);

    /// <summary>Delivers the held bytes if the peer's close may be among them; otherwise releases them.</summary>
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

    /// <summary>Releases the held bytes; during a delivery, that delivery releases them.</summary>
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
        // After a transient failure the poller reports the socket again.
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
                UpdateInterest();
                DieIfBothHaveClosed();
            }
            else
            {
                // A peer that only half-closed may still read what is queued; the close deadline limits the attempt.
                UpdateInterest();
                MarkDirty();
                DetachIfHungUp(bothDirections);
            }

            return;
        }

        bool isTruncated = !_received.IsEmpty || _protocol.IsInBody || _channel.IsTruncated;
        _sawEndOfStream = true;
        UpdateInterest();
        Owner!.OnEndOfInput(isTruncated ? CloseReason.Truncated : CloseReason.Disconnected, _protocol.EndOfStreamText);
        DetachIfHungUp(bothDirections);
    }

    /// <summary>Detaches the socket after a hang-up, which would be reported again and again while handlers still work on earlier input.</summary>
    private void DetachIfHungUp(bool isHungUp)
    {
        if (isHungUp && State == ConnectionState.Replying)
        {
            _socket.Detach(Set);
        }
    }
}
