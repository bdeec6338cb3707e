using NetLoop.Buffers;
using NetLoop.Framing;
using NetLoop.Stack;

namespace NetLoop.Transports.Streams;

/// <content>The way in: from the kernel to the owner, and how it ends.</content>
internal sealed partial class StreamConnection
{
    /// <summary>
    /// How often that much is read ahead of a deadline: kernels hold some MiB for a connection, and a peer that sends as fast as it is read
    /// must not hold the loop.
    /// </summary>
    private const int MaxTurnsBeforeDeadline = 64;

    private ReceiveBuffer _received;
    private int _receivedBytes;
    private long _receivedIn = -1;
    private bool _sawEndOfStream;
    private bool _isDelivering;

    /// <summary>Most bytes of one receive. What comes too early to be delivered is held, so a peer that nobody knows yet is read in small pieces.</summary>
    public int MaxReceiveBytes { get; set; }

    /// <summary>What is received and not consumed.</summary>
    public ref ReceiveBuffer Received => ref _received;

    /// <summary>Where receives go whose connection holds nothing.</summary>
    public ReceiveScratch Scratch => Set.Scratch;

    public override void OnReady(Readiness readiness)
    {
        if (State == ConnectionState.Connecting)
        {
            FinishDial();
            return;
        }

        if ((readiness & Readiness.Writable) != 0 && !_sender.IsEmpty)
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

    /// <summary>Offers bodies to the owner; those it does not take are kept, and reading pauses.</summary>
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

    /// <summary>Holds what is left of the scratch buffer until more arrives.</summary>
    public void Keep(ReadOnlySpan<byte> rest)
    {
        while (MayKeep() && !_received.TryKeep(Pool, rest) && TryMakeMemoryOrDie())
        {
        }
    }

    /// <returns>Whether more may wait in the kernel, to be read in another turn.</returns>
    private bool Receive(bool failed)
    {
        _usedAt = Set.Clock.Now;
        for (int read = 0; read < IterationBudget.MaxReceives && !IsDead; read++)
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
}
