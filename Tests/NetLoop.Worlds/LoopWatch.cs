using NetLoop.Buffers;
using NetLoop.Hosting.Loop;
using NetLoop.Hosting.Server;
using NetLoop.Messaging;
using NetLoop.Transports;
using NetLoop.Transports.Datagrams;
using NetLoop.Transports.Streams;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Worlds;

/// <summary>
/// Checks what must hold after every iteration of a loop, whatever faults happen. Cheap checks run every time, those of every connection once in 64
/// iterations.
/// </summary>
internal sealed partial class LoopWatch
{
    private const int IterationsBetweenSurveys = 64;

    /// <summary>
    /// The most iterations in a row that may find nothing to do. Faults that cause one are random, so such rows are short; a loop that spins makes a long
    /// one.
    /// </summary>
    private const int MaxIdleIterations = 300;

    /// <summary>The most readiness reports in a row without a system call on the socket.</summary>
    private const int MaxUnservedReports = 8;

    /// <summary>The most bytes charged for the fragments of one message: 64 bytes for each of 1,024.</summary>
    private const int MostFragmentCharges = 64 * 1024;

    private const int MaxTimersPerIteration = 4096;

    /// <summary>The most input calls for each socket while a ready one waits: two rounds of all others, and calls that faults cut short.</summary>
    private const int MostInputCallsEach = 12;

    /// <summary>The most iterations in a row without a read or a handled batch while a socket is ready: a late loop delivers one envelope in each.</summary>
    private const int MostIterationsWithoutInput = EnvelopeBatch.Capacity + 16;

    private readonly World _world;
    private readonly LoopCore _core;
    private readonly List<(Token Token, ConnectionState State)> _states = [];
    private readonly List<(SimulatedSocket? Socket, long Looks, long InputCalls)> _waiting = [];
    private long _inputCalls;
    private long _handled;
    private int _withoutInput;
    private long _callsBefore;
    private long _clockBefore;
    private long _peerTimeBefore;
    private long _allocatedBefore;
    private long _allocated;
    private int _mostConnections;
    private long _connectionsBefore;
    private long _progress;
    private long _inboxDepth;
    private long _idleIterations;

    public LoopWatch(World world, LoopDriver driver)
    {
        _world = world;
        Driver = driver;
        _core = driver.Core;
        driver.OnIteration = OnIteration;
        _receivedBefore = driver.Host.BytesReceived;
        _sentBefore = driver.Host.BytesSent;
    }

    public LoopDriver Driver { get; }

    /// <summary>Whether the allocations of iterations are measured.</summary>
    public bool MeasuresAllocations { get; set; }

    private string Name => Driver.Host.Name;

    /// <summary>The loops of this loop's process.</summary>
    private IReadOnlyList<LoopDriver> OfProcess => IsServer ? _world.Server.Drivers : [Driver];

    /// <summary>Whether this is one of the server's loops.</summary>
    private bool IsServer => _world.Server.Drivers.Contains(Driver);

    /// <summary>Number of opened and closed connections and sessions; sessions that never opened are counted by their close reasons only.</summary>
    private long ConnectionEvents => Counters.Accepts + Counters.ConnectionsClosed + Counters.SessionsClosed + Counters.ClosedByReason.Sum();

    private LoopCounters Counters => _core.Counters;

    /// <summary>Bytes that the measured iterations allocated since the last call.</summary>
    public long TakeAllocatedBytes()
    {
        long allocated = _allocated;
        _allocated = 0;
        return allocated;
    }

    /// <summary>Checks what must hold when the loop has ended.</summary>
    public void CheckEnd()
    {
        long leases = _core.Pool.Statistics.RentedLeases;
        _world.Require(leases == 0, "I24", $"{leases} leases of {Name} are out at the end: {string.Join(", ", _core.Pool.OutstandingOwners())}");
        _world.Require(_core.Transport.Timers.Count == 0, "I24", $"{_core.Transport.Timers.Count} timers of {Name} wait at the end");
        _world.Require(_core.Transport.ConnectionCount == 0, "I24", $"{_core.Transport.ConnectionCount} connections of {Name} are open at the end");
        _world.Require(_core.Inbox.Depth == 0, "I23", $"{_core.Inbox.Depth} envelopes of {Name} were never handled");
        _world.Require(Counters.QueuedBytes == 0, "I7", $"{Counters.QueuedBytes} queued bytes of {Name} are counted at the end");
        _world.Require(
            Counters.SessionsOpened == Counters.SessionsClosed,
            "I19",
            $"{Name} opened {Counters.SessionsOpened} sessions and closed {Counters.SessionsClosed}");
        CheckGaugesAtEnd();
        long faults = IsServer ? _world.Server.HandlerFaults : 0;
        long counted = OfProcess.Sum(static driver => driver.Core.Counters.HandlerFaults);
        _world.Require(counted == faults, "I19", $"{faults} handlers of {Name} threw and {counted} are counted");
        _world.Require(Counters.ResponsesLost == 0 || _world.Settings.LosesResponses, "I7", $"{Counters.ResponsesLost} responses of {Name} are lost");
    }

    private void OnIteration(LoopDriver driver, bool isBefore)
    {
        if (isBefore)
        {
            _callsBefore = Driver.Calls;
            _clockBefore = _core.Clock.Now;
            _ticksBefore = Counters.Ticks;
            _peerTimeBefore = _core.Clock.PeerTime;
            Driver.Host.Network.MeasuresAllocations = MeasuresAllocations;
            _connectionsBefore = ConnectionEvents;
            _allocatedBefore = AllocatedNow();
            return;
        }

        if (MeasuresAllocations)
        {
            // A session that opens or closes is no steady state: the server may only now notice that an earlier client is gone.
            _allocated += ConnectionEvents == _connectionsBefore ? AllocatedNow() - _allocatedBefore : 0;
            Driver.Host.Network.MeasuresAllocations = false;
        }

        if (IsServer)
        {
            _world.Server.NoteStop();
        }

        if (Driver.IsOver)
        {
            return;
        }

        CheckStep();
        if (_world.Settings.IsOverload || (_world.Phase >= WorldPhase.Liveness && !Driver.Host.Network.Faults.IsActive))
        {
            CheckFairness();
        }

        if (driver.Iterations % IterationsBetweenSurveys == 0)
        {
            Survey();
        }
    }

    private long AllocatedNow() => MeasuresAllocations ? GC.GetAllocatedBytesForCurrentThread() - Driver.Host.Network.OwnAllocations : 0;

    private void CheckStep()
    {
        ConnectionSet transport = _core.Transport;
        int connections = transport.ConnectionCount;
        _world.Require(_core.Clock.Now >= _clockBefore, "I8", $"the clock of {Name} went back from {_clockBefore} to {_core.Clock.Now}");
        _world.Require(
            _core.Clock.PeerTime >= _peerTimeBefore,
            "I8",
            $"the time that peers of {Name} are measured by went back from {_peerTimeBefore} to {_core.Clock.PeerTime}");
        _world.Require(
            transport.Timers.NextDue >= _peerTimeBefore || transport.Timers.Count > MaxTimersPerIteration,
            "I8",
            $"a timer of {Name} was due at {transport.Timers.NextDue}, before {_peerTimeBefore}, and has not fired");

        // Connections that died at the very end of the iteration need no deadline: the next iteration starts at once and closes them.
        int alive = connections - transport.DeadCount;
        _world.Require(transport.Timers.Count >= alive || _world.HasGuests, "I5", $"{Name} has {alive} connections and {transport.Timers.Count} deadlines");
        _world.Require(transport.DeadCount == 0 || _core.NextDue() == 0, "I5", $"{Name} has {transport.DeadCount} dead connections and waits");
        _world.Require(
            Counters.ConnectionsOpened - Counters.ConnectionsClosed == connections,
            "I7",
            $"{Name} opened {Counters.ConnectionsOpened} connections, closed {Counters.ConnectionsClosed} and has {connections}");
        // With several loops, another loop may be in the middle of opening or closing a socket.
        int known = IsServer ? _world.Server.Drivers.Sum(static driver => driver.Core.Transport.Sockets.Count) : transport.Sockets.Count;
        int open = Driver.Host.OpenSockets;
        _world.Require(open == known || (open > known && IsServer && _world.Settings.Loops > 1), "I2", $"{Name} has {open} sockets open and knows {known}");

        if (IsServer)
        {
            CheckRoom();
        }

        // Accepting, reading and closing are bounded for each event and connection. Only a dial makes other calls, and a client dials once an iteration.
        long calls = Driver.Calls - _callsBefore;
        // A datagram socket may send one datagram in a call, and each of its connections has many.
        long most = 256 + ((_world.Settings.HasUdp ? 128L : 24L) * connections) + (4 * (Counters.ConnectionsClosed + Counters.Accepts));
        _world.Require(
            calls <= most || calls <= most + DialingClients(), "I12", $"one iteration of {Name} made {calls} system calls for {connections} connections");
        _world.Require(
            Driver.Poller.MostUnserved <= MaxUnservedReports,
            "I6",
            $"a socket of {Name} was reported ready {Driver.Poller.MostUnserved} times and nobody looked");
        _world.Require(
            Counters.Ticks - _ticksBefore <= MaxTicksPerIteration,
            "I8",
            $"one iteration of {Name} had {Counters.Ticks - _ticksBefore} ticks, {MaxTicksPerIteration} are allowed");
        CheckInbox(connections);
        CheckRest();
    }

    /// <summary>Clients of this loop that have no connection and want one.</summary>
    private int DialingClients() => _world.Nodes.FirstOrDefault(node => node.Driver == Driver)?.DialingClients ?? 0;

    /// <summary>No more sessions are open than allowed, and no socket takes a descriptor reserved for the runtime.</summary>
    private void CheckRoom()
    {
        long sessions = _world.Server.Drivers.Sum(static driver => driver.Core.Counters.SessionsOpened - driver.Core.Counters.SessionsClosed);
        int most = _world.Server.Server!.MaxConnections;
        _world.Require(sessions <= most, "I4", $"{sessions} sessions are open in {Name}, {most} are allowed");
        if (_world.Settings.Descriptors > 0)
        {
            int first = _world.Settings.Descriptors - DescriptorBudget.RuntimeReserve;
            // Another loop may be about to close a connection that it has just accepted.
            int highest = _world.Settings.Loops == 1 ? Driver.Host.HighestSocket : Driver.Host.HighestPolledSocket;
            _world.Require(highest < first, "I26", $"a socket of {Name} stands at {highest}, where only the runtime may open something: from {first} on");
        }
    }

    /// <summary>Every ready socket gets its turn, whatever else the loop has to do, and no socket gets many turns before another gets one.</summary>
    /// <remarks>Counts only this loop's sockets and calls: other loops of its process make calls of their own.</remarks>
    private void CheckFairness()
    {
        IReadOnlyList<SimulatedSocket?> sockets = Driver.Host.Sockets;
        long calls = Driver.Poller.InputCalls;
        bool isOneWaiting = false;
        for (int i = 0; i < sockets.Count; i++)
        {
            if (i == _waiting.Count)
            {
                _waiting.Add(default);
            }

            (SimulatedSocket? known, long looks, long since) = _waiting[i];
            SimulatedSocket? socket = sockets[i];
            bool waits = socket is not null && socket.Poller == Driver.Poller && socket == known && socket.Looks == looks
                && socket.WantedReadiness() != Readiness.None;
            _waiting[i] = (socket, socket?.Looks ?? 0, waits ? since : calls);
            isOneWaiting |= waits;
            long most = 16 + ((long)MostInputCallsEach * sockets.Count);
            _world.Require(
                !waits || calls - since <= most,
                "I28",
                $"socket {i} of {Name} is ready, and {calls - since} calls looked at others; {most} are allowed with {sockets.Count} sockets");
        }

        _withoutInput = isOneWaiting && calls == _inputCalls && _core.Inbox.Completed == _handled ? _withoutInput + 1 : 0;
        _inputCalls = calls;
        _handled = _core.Inbox.Completed;
        _world.Require(
            _withoutInput <= MostIterationsWithoutInput,
            "I28",
            $"sockets of {Name} are ready, and {_withoutInput} iterations in a row read and handled nothing");
    }

    private void CheckInbox(int connections)
    {
        // Opened and closed notifications, responses and ticks always fit: a fixed number for each session and request.
        int limit = IsServer ? _world.Settings.MaxInboxMessages : ClientNode.MaxInboxMessages;
        // A closed session may still have some of them there.
        _mostConnections = Math.Max(_mostConnections, connections);
        long most = limit + 64 + (8L * _mostConnections);
        long depth = _core.Inbox.Depth;
        _world.Require(depth <= most || depth <= most + _world.PendingRequests, "I4", $"{depth} envelopes are in the inbox of {Name}, {limit} are allowed");
    }

    /// <summary>A loop without work rests.</summary>
    private void CheckRest()
    {
        long progress = Counters.BytesIn + Counters.BodiesIn + Counters.BytesOut + Counters.BodiesOut + Counters.Accepts + Counters.Ticks
            + Counters.ConnectionsOpened + Counters.ConnectionsClosed + Counters.SessionsOpened + Counters.ClosedByReason.Sum();
        long depth = _core.Inbox.Depth;

        // With handlers on their own thread, an iteration may only pass on what fits after they have freed room in the inbox.
        _idleIterations = progress == _progress && depth == _inboxDepth ? _idleIterations + 1 : 0;
        _progress = progress;
        _inboxDepth = depth;

        // Timers of idle sessions cause iterations too, far apart; those count as rest.
        if (Driver.SinceLastIteration > 1_000_000)
        {
            _idleIterations = 0;
        }

        _world.Require(_idleIterations <= MaxIdleIterations, "I12", $"{Name} spins: {_idleIterations} iterations in a row did nothing");
    }

    private void Survey()
    {
        long queued = 0;
        bool isToBeCounted = false;
        long leases = 0;
        long mostBytes = 0;
        foreach (Connection connection in _core.Transport.Connections)
        {
            queued += connection.QueuedBytes;

            // Connections over datagrams count what they have queued when they flush.
            isToBeCounted |= connection is DatagramConnection { IsDirty: true } or DatagramConnection { IsDead: true };
            if (connection is StreamConnection stream)
            {
                leases += stream.LeaseCount;
                mostBytes += MostBytesOf(stream);
                CheckBudgets(stream);
                CheckState(stream);
                CheckQueue(stream);
            }

            CheckDeadline(connection);
        }

        foreach (Session session in _core.Services.Sessions.All)
        {
            CheckDeadline(session);
        }

        CheckTimersAndBytes();
        _world.Require(queued == Counters.QueuedBytes || isToBeCounted, "I7", $"{queued} bytes are queued in {Name} and {Counters.QueuedBytes} are counted");
        BufferPoolStatistics pool = _core.Pool.Statistics;
        bool isServer = IsServer;
        if (isServer)
        {
            long opening = _world.Server.Server!.Loops[_core.Services.LoopIndex].Opening.HeldBytes;
            int mostOpening = _world.Settings.MaxOpeningBytes / _world.Settings.Loops;
            _world.Require(opening <= mostOpening, "I4", $"connections that are opening hold {opening} bytes, {mostOpening} are allowed");
        }

        long limit = isServer ? _world.Settings.MaxBufferBytesOfLoop : long.MaxValue;
        _world.Require(
            pool.RentedBytes <= limit && pool.SlabBytes <= limit,
            "I4",
            $"the pool of {Name} has {pool.RentedBytes} bytes out and {pool.SlabBytes} in all, {limit} are allowed");
        long held = ((SimulatedSlabs)_core.Pool.Source).HeldBytes;
        long counted = OfProcess.Sum(static driver => driver.Core.Pool.HeldBytes);
        _world.Require(
            held <= limit * OfProcess.Count && held == counted && pool.SlabBytes <= held,
            "I4",
            $"the pool of {Name} really holds {held} bytes and counts {counted}, of which {pool.SlabBytes} take memory; {limit} are allowed");
        // The blocks of links are counted at the end only.
        bool isComparable = _world.Settings is { HandlersShareLoop: true, Loops: 1, HasUdp: false };
        if (isComparable && !_core.CommandQueue.HasItems && !(_world.HasGuests && _core.Inbox.Depth > 0))
        {
            (long heldLeases, long heldBytes) = _world.HeldFrom(Driver);
            _world.Require(pool.RentedLeases == leases + heldLeases, "I3", $"{pool.RentedLeases} leases of {Name} are out and its connections have {leases}");
            _world.Require(pool.RentedBytes <= mostBytes + heldBytes, "I4", $"{pool.RentedBytes} bytes of {Name} are out for what needs {mostBytes}");
        }
    }

    /// <summary>Blocks are at most four times as large as their purpose needs: the longest frame or one receive, the queued bytes, and a pong.</summary>
    private static long MostBytesOf(StreamConnection connection)
    {
        long frame = Math.Max(ReceiveScratch.ReceiveBytes, connection.Protocol.Framing.HeaderBytes + connection.MaxBodyBytes);
        long held = connection.HeldBytes == 0 ? 0 : 4 * frame * (connection.Protocol is WebSocketStream ? 2 : 1);
        long queued = connection.QueuedBytes == 0 ? 0 : 4 * (connection.QueuedBytes + (64 * 1024) + frame);
        long pongs = connection.Protocol.HasUnqueued ? 4 * WebSocketProtocol.MaxControlFrameBytes : 0;
        return held + queued + pongs;
    }

    private void CheckBudgets(StreamConnection connection)
    {
        WorldSettings settings = _world.Settings;

        // A body may be started while the queue is below its limit, and Goodbye is added to that.
        long most = settings.MaxSendQueueBytes + settings.MaxBodyBytes + 1024;
        _world.Require(connection.QueuedBytes <= most, "I4", $"{connection.QueuedBytes} bytes are queued for {connection.Owner}, {most} are allowed");

        // While the inbox is full, a connection keeps the rest of one receive; otherwise only the beginning of one frame.
        int frame = connection.Protocol.Framing.HeaderBytes + connection.MaxBodyBytes + connection.Protocol.Framing.Trailer.Length;
        bool isWebSocket = connection.Protocol is WebSocketStream;
        int mostHeld = connection.IsReadPaused || isWebSocket
            ? Math.Max(ReceiveScratch.ReceiveBytes, settings.MaxBodyBytes + 4) + (isWebSocket ? settings.MaxBodyBytes + MostFragmentCharges : 0)
            : frame;
        _world.Require(connection.HeldBytes <= mostHeld, "I4", $"{connection.HeldBytes} bytes of {connection.Owner} are held, {mostHeld} are allowed");
        if (connection.Owner is Session { Status: SessionStatus.Opening } session && session.Profile.RequiresHello && IsServer)
        {
            _world.Require(
                connection.HeldBlockBytes <= OpeningSessions.MostBytesOfOne,
                "I4",
                $"{connection.HeldBlockBytes} bytes are held for {session}, which is opening; {OpeningSessions.MostBytesOfOne} are allowed");
        }
    }

    /// <summary>A connection only moves down the list of its states.</summary>
    private void CheckState(StreamConnection connection)
    {
        int slot = connection.Token.Slot;
        while (_states.Count <= slot)
        {
            _states.Add((new Token(-1, 0), default));
        }

        (Token token, ConnectionState before) = _states[slot];
        _world.Require(
            token != connection.Token || connection.State >= before, "I13", $"a connection to {connection.Owner} went from {before} to {connection.State}");
        _states[slot] = (connection.Token, connection.State);
    }
}
