using System.Runtime.InteropServices;
using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Time;

namespace NetLoop.Transports;

/// <summary>The connections of one loop and their shared state.</summary>
/// <remarks>Thread: loop, unless said otherwise; nothing in it is locked.</remarks>
internal sealed class ConnectionSet
{
    /// <summary>Default of <see cref="MaxActiveConnections"/>.</summary>
    public const int DefaultMaxActiveConnections = 1024;

    /// <summary>Default of <see cref="QuietTime"/>.</summary>
    public const long DefaultQuietTime = 500_000_000;

    // All but the parked ones, in no order: when one is removed, the last takes its place.
    private readonly List<Connection> _connections = [];
    private readonly List<Connection> _dirty = [];
    private readonly List<Connection> _flushing = [];
    private readonly List<Connection> _dead = [];
    private readonly List<Connection> _unwatched = [];
    private readonly List<Connection> _paused = [];
    private readonly List<Connection> _resuming = [];
    private readonly List<Token> _unread = [];
    private readonly List<IBatchedSender> _unsent = [];
    private int _addedSinceParking;
    private int _nextToPark;
    private int _parked;
    private int _isWoken;

    public ConnectionSet(INetworkStack stack, IPoller poller, LoopClock clock, TimerQueue timers, BufferPool pool, LoopCounters counters)
    {
        Stack = stack;
        Poller = poller;
        Clock = clock;
        Timers = timers;
        Pool = pool;
        Counters = counters;
        Sockets = new SocketTable();
    }

    public INetworkStack Stack { get; }

    public IPoller Poller { get; }

    public LoopClock Clock { get; }

    public TimerQueue Timers { get; }

    public BufferPool Pool { get; }

    public LoopCounters Counters { get; }

    public SocketTable Sockets { get; }

    /// <summary>Sockets of several connections, which are closed when the loop has ended.</summary>
    public List<ISharedSocket> SharedSockets { get; } = [];

    /// <summary>The listeners that are open.</summary>
    public List<Listener> Listeners { get; } = [];

    /// <summary>The shared receive buffer. Only a connection that holds part of a frame has one of its own, so an idle connection has none.</summary>
    public ReceiveScratch Scratch { get; } = new();

    public bool HasDirty => _dirty.Count > 0;

    /// <summary>Connections that have died since the last <see cref="CloseDeadConnections"/>, or will in the next.</summary>
    public int DeadCount => _dead.Count + _unwatched.Count;

    /// <summary>Connections that have something to send.</summary>
    public int DirtyCount => _dirty.Count;

    /// <summary>Whether input was received that its connection has not read.</summary>
    public bool HasUnread => _unread.Count > 0;

    /// <summary>Connections that wait for room in the inbox.</summary>
    public int PausedCount => _paused.Count;

    /// <summary>Connections that are open, connecting or closing, parked ones included.</summary>
    public int ConnectionCount => _connections.Count + _parked;

    /// <summary>All connections but those that are parked, in no order, dead ones included until they are destroyed.</summary>
    public IReadOnlyList<Connection> Connections => _connections;

    /// <summary>
    /// Number of connection objects above which idle connections are parked. It is more than a busy loop serves in one iteration, and few against the number
    /// of connections that a server can have.
    /// </summary>
    /// <remarks>
    /// With 15,000 idle connections the process uses 231 to 289 bytes for each with parking, and 600 to 616 without (benchmark <c>idle</c>).
    /// </remarks>
    public int MaxActiveConnections { get; init; } = DefaultMaxActiveConnections;

    /// <summary>
    /// A connection unparked sooner than this after it was parked counts as busy, and must be idle this long before it is parked again. Nanoseconds.
    /// Parking and unparking cost as much as a fifteenth of an echo.
    /// </summary>
    public long QuietTime { get; init; } = DefaultQuietTime;

    /// <summary>Ends a wait of the loop. Thread: any.</summary>
    public void Wake()
    {
        // If the flag is already set, another thread has woken the loop: it clears the flag before it looks for work.
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            Poller.Wake();
        }
    }

    /// <summary>Whether the loop was woken since the last call.</summary>
    public bool TakeWake() => Volatile.Read(ref _isWoken) != 0 && Interlocked.Exchange(ref _isWoken, 0) != 0;

    /// <summary>Accepts what waits at each listener, whether the poller has reported it or not.</summary>
    public void AcceptPending()
    {
        foreach (Listener listener in Listeners)
        {
            listener.OnReady(Readiness.Readable);
        }
    }

    /// <summary>Adds a connection that is open, connecting or opening.</summary>
    public void Add(Connection connection)
    {
        Invariant.Holds(connection.Place < 0);
        connection.Place = _connections.Count;
        _connections.Add(connection);
        _addedSinceParking++;
    }

    /// <summary>Removes a connection that is destroyed.</summary>
    public void Remove(Connection connection)
    {
        int place = connection.Place;
        Invariant.Holds(_connections[place] == connection);
        Connection last = _connections[^1];
        _connections[place] = last;
        last.Place = place;
        _connections.RemoveAt(_connections.Count - 1);
        connection.Place = -1;
    }

    /// <summary>Removes a connection that is parked; it still counts.</summary>
    public void Park(Connection connection)
    {
        Remove(connection);
        _parked++;
    }

    /// <summary>Adds a connection that is unparked.</summary>
    public void Unpark(Connection connection)
    {
        _parked--;
        Add(connection);
    }

    /// <summary>Records a connection with something to send; it is flushed once in the next Flush phase.</summary>
    public void MarkDirty(Connection connection) => _dirty.Add(connection);

    /// <summary>Records a connection to be destroyed in the next Close phase.</summary>
    public void MarkDead(Connection connection) => _dead.Add(connection);

    /// <summary>Records a connection whose interest the poller could not take, to be ended in the next Close phase.</summary>
    public void MarkUnwatched(Connection connection) => _unwatched.Add(connection);

    /// <summary>Records a connection that stopped reading because the inbox was full.</summary>
    public void MarkPaused(Connection connection) => _paused.Add(connection);

    /// <summary>Records a connection whose channel holds input, so that the next wait of the loop reports it: the poller cannot.</summary>
    public void MarkUnread(Token token) => _unread.Add(token);

    /// <summary>Reports connections whose channels hold input as ready.</summary>
    /// <param name="events">Filled from the front; events that do not fit are left for the next call.</param>
    /// <returns>Number of events.</returns>
    public int TakeUnread(Span<ReadyEvent> events)
    {
        int count = Math.Min(_unread.Count, events.Length);
        for (int i = 0; i < count; i++)
        {
            events[i] = new ReadyEvent(_unread[i], Readiness.Readable);
        }

        _unread.RemoveRange(0, count);
        return count;
    }

    /// <summary>One gathered send for each connection with something to send.</summary>
    /// <param name="until">Loop time after which the rest wait for the next call, where they come first. A few are always served.</param>
    public void FlushDirtyConnections(long until = long.MaxValue)
    {
        // What a flush marks dirty again (more than one send's worth) waits for the next iteration: no connection may hold up the others.
        _flushing.AddRange(_dirty);
        _dirty.Clear();
        for (int i = 0; i < _flushing.Count; i++)
        {
            if (i % IterationBudget.FlushesPerClockReading == IterationBudget.FlushesPerClockReading - 1 && Clock.ReadPrecise() >= until)
            {
                _dirty.InsertRange(0, CollectionsMarshal.AsSpan(_flushing)[i..]);
                break;
            }

            _flushing[i].Flush();
        }

        _flushing.Clear();
        SendBatches();
    }

    /// <summary>Records a sender with something to send; it is asked to send it at the end of the next flush.</summary>
    public void MarkUnsent(IBatchedSender sender) => _unsent.Add(sender);

    /// <summary>Sends what the senders have collected.</summary>
    public void SendBatches()
    {
        for (int i = 0; i < _unsent.Count; i++)
        {
            _unsent[i].SendBatch();
        }

        _unsent.Clear();
    }

    /// <summary>Lets paused connections deliver the frames they hold and read again.</summary>
    public void ResumePausedConnections()
    {
        if (_paused.Count == 0)
        {
            return;
        }

        _resuming.AddRange(_paused);
        _paused.Clear();
        foreach (Connection connection in _resuming)
        {
            connection.ResumeReading();
        }

        _resuming.Clear();
    }

    /// <summary>Takes readable interest from the connections that stay paused, so that a level-triggered poller does not spin on them.</summary>
    public void SilencePausedConnections()
    {
        foreach (Connection connection in _paused)
        {
            connection.UpdateInterest();
        }
    }

    /// <summary>Destroys the connections that died in this iteration: the only place where a socket of a connection is closed.</summary>
    public void CloseDeadConnections()
    {
        EndUnwatched();
        int destroyed = 0;
        try
        {
            while (destroyed < _dead.Count)
            {
                _dead[destroyed].Destroy();
                destroyed++;
            }
        }
        finally
        {
            // Thread.Interrupt may end a wait for the pool's lock: the rest is destroyed later, and no object is returned twice.
            _dead.RemoveRange(0, destroyed);
        }
    }

    private void EndUnwatched()
    {
        for (int i = 0; i < _unwatched.Count; i++)
        {
            _unwatched[i].EndIfUnwatched();
        }

        _unwatched.Clear();
    }

    /// <summary>Parks idle connections while there are too many objects: a parked one costs only its session and a row of the table.</summary>
    public void ParkQuietConnections()
    {
        for (int checks = _addedSinceParking + IterationBudget.ParkingChecks; checks > 0 && _connections.Count > MaxActiveConnections; checks--)
        {
            if (_nextToPark >= _connections.Count)
            {
                _nextToPark = 0;
            }

            // The last connection takes the place of one that is parked.
            if (!_connections[_nextToPark].TryPark())
            {
                _nextToPark++;
            }
        }

        _addedSinceParking = 0;
    }

    /// <summary>
    /// Frees memory when the pool is exhausted. The connection that holds the most bytes, of unfinished frames or in its send queue, sends what the kernel
    /// takes; if it takes nothing, the connection ends. Sending comes first because a burst, such as a broadcast, does not mean that the peer is slow.
    /// </summary>
    /// <returns>False when no connection holds any.</returns>
    public bool EvictLargestHolder()
    {
        Connection? largest = null;
        foreach (Connection connection in _connections)
        {
            if (!connection.IsDead && connection.BufferedBytes > (largest?.BufferedBytes ?? 0))
            {
                largest = connection;
            }
        }

        if (largest is null)
        {
            return false;
        }

        if (!largest.TryRelieve())
        {
            largest.EvictForMemory();
        }

        return true;
    }
}
