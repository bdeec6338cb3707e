using NetLoop.Time;

namespace NetLoop.Transports;

/// <summary>One peer, as far as a session and its loop know it: bodies go in and come out, whatever carries them.</summary>
/// <remarks>Thread: loop. Pooled: after <see cref="Destroy"/> the object serves another peer.</remarks>
internal abstract class Connection : ISocketEntry
{
    /// <summary>What <see cref="SlowPeerDeadline"/> is while there is none.</summary>
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

    /// <summary>Whether bodies still go out.</summary>
    public bool CanSend => State is ConnectionState.Open or ConnectionState.Replying;

    /// <summary>Who receives what it receives; null once it is destroyed or parked.</summary>
    public IConnectionOwner? Owner => _owner;

    /// <summary>Whether it is in the list of those that have something to send.</summary>
    public bool IsDirty => _isDirty;

    /// <summary>Its place in the list of the set; -1 when it is in none.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Whether taking more from the peer waits for room in the inbox.</summary>
    public bool IsReadPaused { get; protected set; }

    /// <summary>Whether bodies wait because the peer takes less than it is sent.</summary>
    public abstract bool IsSendBlocked { get; }

    /// <summary>Longest body accepted and sent.</summary>
    public abstract int MaxBodyBytes { get; }

    /// <summary>Bodies not yet sent to their last byte.</summary>
    public abstract int QueuedBodies { get; }

    /// <summary>Bytes waiting to be sent, headers included.</summary>
    public abstract int QueuedBytes { get; }

    /// <summary>Bytes that are held of input which cannot be handled yet.</summary>
    public abstract int HeldBytes { get; }

    /// <summary>Memory of the pool that such input takes: whole blocks, not only the bytes in them.</summary>
    public abstract int HeldBlockBytes { get; }

    /// <summary>Bytes it keeps in the pool's memory, in either direction.</summary>
    public int BufferedBytes => QueuedBytes + HeldBytes;

    /// <summary>The one deadline of its own in force: to be connected, to be open, or for the peer to close.</summary>
    public TimerHandle Deadline { get; protected set; }

    protected ConnectionSet Set { get; }

    /// <inheritdoc/>
    public abstract void OnReady(Readiness readiness);

    /// <summary>Allows bodies of full length: the peer is known now.</summary>
    public abstract void Admit();

    /// <summary>Reads what waits in the kernel without the poller's report, before a deadline of the peer is held against it.</summary>
    /// <returns>False when messages that were received earlier have to be handled first.</returns>
    public abstract bool TryReadWaiting();

    /// <summary>Begins a body behind those that are queued.</summary>
    /// <param name="maxBytes">Longest body allowed, if <see cref="MaxBodyBytes"/> does not allow less.</param>
    /// <param name="buffer">Gives more memory.</param>
    /// <returns>Where to write it, or an empty span when the pool is exhausted, even after those who hold most were evicted.</returns>
    public abstract Span<byte> BeginBody(int maxBytes, out IBodyBuffer buffer);

    /// <summary>Completes the body begun last; it is sent in this iteration's Flush phase.</summary>
    public abstract void CommitBody(int bodyBytes);

    /// <summary>Forgets the body begun last.</summary>
    public abstract void CancelBody();

    /// <summary>Queues a body that is encoded already.</summary>
    /// <returns>False when the pool is exhausted.</returns>
    public abstract bool TryAppend(ReadOnlySpan<byte> body);

    /// <summary>Whether another body would exceed what may be queued, after an attempt to send what is.</summary>
    public abstract bool IsFull();

    /// <summary>When a peer that takes too little is to be looked at again; <see cref="NoDeadline"/> while nothing waits for it.</summary>
    /// <param name="now">Peer time, as all times here.</param>
    public abstract long SlowPeerDeadline(long now);

    /// <summary>Whether the peer has taken too little for too long.</summary>
    public abstract bool IsTooSlow(long now);

    /// <summary>Sends as much as goes out at once.</summary>
    public abstract void Flush();

    /// <summary>Offers the bodies kept since the pause again, and goes on reading unless the owner has no room still.</summary>
    public abstract void ResumeReading();

    /// <summary>Brings what the poller watches for in line with the state.</summary>
    public abstract void UpdateInterest();

    /// <summary>
    /// Takes nothing more from the peer: what it still sends is discarded, so that a peer which writes first and reads later comes to
    /// reading.
    /// </summary>
    public abstract void EndInput();

    /// <summary>Sends what is queued, closes, and waits for the peer to close too, at most for the close timeout.</summary>
    /// <param name="reason">What the peer is told, where the transport has a way to.</param>
    /// <param name="text">What is added, for people.</param>
    public abstract void CloseGracefully(CloseReason reason = CloseReason.Normal, string text = "");

    /// <summary>Ends the connection at once; what is queued is lost, and the peer is told so.</summary>
    public abstract void Abort(CloseReason reason);

    /// <summary>Sends what is queued, unless the peer takes nothing anyway, so that the pool gets memory back.</summary>
    /// <returns>False when nothing was sent, or the connection is over.</returns>
    public abstract bool TryRelieve();

    /// <summary>Ends the connection because the pool needs its memory, and gives that memory back at once.</summary>
    public abstract void EvictForMemory();

    /// <summary>Leaves itself to the owner when there is nothing to do; the object can serve another then.</summary>
    /// <returns>False when there is something, or the owner does not want it.</returns>
    public abstract bool TryPark();

    /// <summary>Ends the connection if the poller does not watch it as it should. Phase: Close.</summary>
    public abstract void EndIfUnwatched();

    /// <summary>Gives back all that it holds. Phase: Close.</summary>
    public abstract void Destroy();

    /// <summary>Takes an owner, and forgets what the one before has left.</summary>
    protected void Begin(IConnectionOwner owner)
    {
        _owner = owner;
        _isDirty = false;
        IsReadPaused = false;
        Deadline = default;
    }

    /// <summary>Gives the owner up.</summary>
    protected void ForgetOwner() => _owner = null;

    /// <summary>Takes no more from the peer until there is room in the inbox.</summary>
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

    /// <summary>A flush begins: what is queued from here on needs another.</summary>
    protected void ClearDirty() => _isDirty = false;

    /// <summary>
    /// Makes memory for another attempt to queue something. One eviction may free blocks of other sizes only; each sends bytes or ends a
    /// connection, so attempts end too.
    /// </summary>
    /// <returns>False when there is nobody to evict, or this connection was.</returns>
    protected bool TryMakeMemory() => Set.EvictLargestHolder() && !IsDead;

    /// <summary>Ends the connection: from here on it only waits for its destruction.</summary>
    protected void Die(CloseReason reason, SocketStatus failure = SocketStatus.Ok)
    {
        if (!IsDead)
        {
            State = ConnectionState.Dead;
            Set.MarkDead(this);
            _owner!.OnDisconnected(new ConnectionEnd(reason, failure));
        }
    }
}
