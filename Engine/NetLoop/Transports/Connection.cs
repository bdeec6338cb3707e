using NetLoop.Sending;
using NetLoop.Time;

namespace NetLoop.Transports;

/// <summary>A connection to one peer, independent of its transport: it sends and receives bodies.</summary>
/// <remarks>Thread: loop. Pooled: after <see cref="Destroy"/> the object serves another peer.</remarks>
internal abstract class Connection : ISocketEntry
{
    /// <summary>Value of <see cref="SlowPeerDeadline"/> when there is no deadline.</summary>
    public const long NoDeadline = long.MaxValue;

    private IConnectionOwner? _owner;
    private bool _isDirty;

    protected Connection(ConnectionSet set)
    {
        Set = set;
        State = ConnectionState.Dead;
    }

    public ConnectionState State { get; protected set; }

    public bool IsDead => State == ConnectionState.Dead;

    /// <summary>Whether bodies can still be sent.</summary>
    public bool CanSend => State is ConnectionState.Open or ConnectionState.Replying;

    /// <summary>The owner, which receives the bodies; null once the connection is destroyed or parked.</summary>
    public IConnectionOwner? Owner => _owner;

    /// <summary>Whether it is in the list of connections with something to send.</summary>
    public bool IsDirty => _isDirty;

    /// <summary>Its index in the list of the set; -1 when it is not in the list.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Whether reading is paused until the inbox has room.</summary>
    public bool IsReadPaused { get; protected set; }

    /// <summary>Whether queued bodies wait because the peer reads too slowly.</summary>
    public abstract bool IsSendBlocked { get; }

    /// <summary>Length of the longest body that it accepts or sends, in bytes.</summary>
    public abstract int MaxBodyBytes { get; }

    /// <summary>Number of queued bodies that are not completely sent.</summary>
    public abstract int QueuedBodies { get; }

    /// <summary>Bytes waiting to be sent, headers included.</summary>
    public abstract int QueuedBytes { get; }

    /// <summary>Bytes of received input that cannot be handled yet.</summary>
    public abstract int HeldBytes { get; }

    /// <summary>Memory of the pool that this input occupies, in bytes: whole blocks.</summary>
    public abstract int HeldBlockBytes { get; }

    /// <summary>The request with which the peer asked for the connection, until the peer is known; null if there was none.</summary>
    public virtual HttpUpgrade? Upgrade => null;

    /// <summary>The subprotocol that both sides agreed on when the connection opened; null for none.</summary>
    public virtual string? Subprotocol => null;

    /// <summary>The outcome of the connection's TLS handshake; null if it is not encrypted, or not yet.</summary>
    public virtual TlsPeer? TlsPeer => null;

    /// <summary>What the peer's connect token says; null if it has none, or this is the client.</summary>
    public virtual ConnectTokenClaims? ConnectToken => null;

    /// <summary>Statistics of its datagrams; null on a stream. Thread: any.</summary>
    public virtual LinkStatistics? LinkStatistics => null;

    /// <summary>Bytes of sequenced bodies that wait until the peer has caught up.</summary>
    public virtual int LatestBytes => 0;

    /// <summary>Bytes that it holds in memory of the pool, received and queued.</summary>
    public int BufferedBytes => QueuedBytes + LatestBytes + HeldBytes;

    /// <summary>Its current deadline: for the dial, for the handshake, or for the peer to close.</summary>
    public TimerHandle Deadline { get; protected set; }

    protected ConnectionSet Set { get; }

    /// <inheritdoc/>
    public abstract void OnReady(Readiness readiness);

    /// <summary>Allows bodies of full length, because the peer has completed the session's handshake.</summary>
    public abstract void Admit();

    /// <summary>Reads the bytes that wait in the kernel, without a report of the poller. Called before a missed deadline ends the peer's session.</summary>
    /// <returns>False when messages received earlier must be handled first.</returns>
    public abstract bool TryReadWaiting();

    /// <summary>Begins a body after those in the queue.</summary>
    /// <param name="maxBytes">Limit of its length, in addition to <see cref="MaxBodyBytes"/>.</param>
    /// <param name="buffer">Gives more memory.</param>
    /// <returns>The memory to write it to; empty when the pool is exhausted even after evictions.</returns>
    public abstract Span<byte> BeginBody(int maxBytes, out IBodyBuffer buffer);

    /// <summary>Completes the body begun last; it is sent in this iteration's Flush phase.</summary>
    /// <param name="bodyBytes">Its length.</param>
    /// <param name="mode">How it is sent.</param>
    public abstract void CommitBody(int bodyBytes, SendMode mode = default);

    /// <summary>Discards the body begun last.</summary>
    public abstract void CancelBody();

    /// <summary>Queues a body that is encoded already.</summary>
    /// <param name="body">The body, which is copied.</param>
    /// <param name="mode">How it is sent.</param>
    /// <returns>False when the pool is exhausted.</returns>
    public abstract bool TryAppend(ReadOnlySpan<byte> body, SendMode mode = default);

    /// <summary>Holds a sequenced body until the peer has read what is queued before it. It replaces the held body with the same key.</summary>
    /// <param name="body">The body, which is copied.</param>
    /// <param name="mode">Its mode.</param>
    /// <returns>False when it is dropped: it is unreliable, too many are held, or the pool is exhausted.</returns>
    public abstract bool TryHoldLatest(ReadOnlySpan<byte> body, SendMode mode);

    /// <summary>Whether the queue is at its limit, after an attempt to send what is in it.</summary>
    public abstract bool IsFull();

    /// <summary>The time of the next check for a slow peer; <see cref="NoDeadline"/> while nothing waits to be sent.</summary>
    /// <param name="now">Now, in peer time, like all times here.</param>
    public abstract long SlowPeerDeadline(long now);

    /// <summary>Whether the peer has read too slowly for too long.</summary>
    public abstract bool IsTooSlow(long now);

    /// <summary>Sends as much as the transport takes now.</summary>
    public abstract void Flush();

    /// <summary>Offers the bodies held since the pause again, and resumes reading if the owner has room.</summary>
    public abstract void ResumeReading();

    /// <summary>Updates what the poller watches for to match the state.</summary>
    public abstract void UpdateInterest();

    /// <summary>
    /// Takes nothing more from the peer. What it still sends is read and discarded, so that a peer which writes everything before it reads is not blocked.
    /// </summary>
    public abstract void EndInput();

    /// <summary>Sends what is queued, closes, and waits for the peer to close too, at most for the close timeout.</summary>
    /// <param name="reason">Sent to the peer if the transport can.</param>
    /// <param name="text">Text for people, sent with the reason.</param>
    public abstract void CloseGracefully(CloseReason reason = CloseReason.Normal, string text = "");

    /// <summary>Ends the connection at once; what is queued is lost, and the peer is told so.</summary>
    public abstract void Abort(CloseReason reason);

    /// <summary>Sends what is queued to free memory of the pool; does nothing while the peer does not read.</summary>
    /// <returns>False when nothing was sent, or the connection is over.</returns>
    public abstract bool TryRelieve();

    /// <summary>Ends the connection because the pool needs its memory, and gives that memory back at once.</summary>
    public abstract void EvictForMemory();

    /// <summary>Parks the connection if it is idle: the owner keeps the socket, and this object can serve another connection.</summary>
    /// <returns>False when it is not idle or the owner does not accept it.</returns>
    public abstract bool TryPark();

    /// <summary>Ends the connection if the poller could not be told what to watch for. Phase: Close.</summary>
    public abstract void EndIfUnwatched();

    /// <summary>Releases everything it holds. Phase: Close.</summary>
    public abstract void Destroy();

    /// <summary>Sets the owner and resets the state of the previous connection.</summary>
    protected void Begin(IConnectionOwner owner)
    {
        _owner = owner;
        _isDirty = false;
        IsReadPaused = false;
        Deadline = default;
    }

    /// <summary>Clears the owner.</summary>
    protected void ForgetOwner() => _owner = null;

    /// <summary>Stops reading until the inbox has room.</summary>
    protected void PauseReading()
    {
        if (!IsReadPaused)
        {
            IsReadPaused = true;
            Set.Counters.ReadPauses++;
            Set.MarkPaused(this);
        }
    }

    /// <summary>Asks for a flush in this iteration's Flush phase.</summary>
    protected void MarkDirty()
    {
        if (!_isDirty && !IsDead)
        {
            _isDirty = true;
            Set.MarkDirty(this);
        }
    }

    /// <summary>Called when a flush begins: bodies queued from here on need another flush.</summary>
    protected void ClearDirty() => _isDirty = false;

    /// <summary>
    /// Frees memory for another attempt to queue something. One eviction may free blocks of the wrong size; but each sends bytes or ends a connection, so the
    /// number of attempts is limited.
    /// </summary>
    /// <returns>False when no connection can be evicted, or this one was.</returns>
    protected bool TryMakeMemory() => Set.EvictLargestHolder() && !IsDead;

    /// <summary>Ends the connection: from here on it only waits to be destroyed.</summary>
    protected void Die(CloseReason reason, SocketStatus failure = SocketStatus.Ok, string? detail = null)
    {
        if (!IsDead)
        {
            State = ConnectionState.Dead;
            Set.MarkDead(this);
            _owner!.OnDisconnected(new ConnectionEnd(reason, failure, detail));
        }
    }
}
