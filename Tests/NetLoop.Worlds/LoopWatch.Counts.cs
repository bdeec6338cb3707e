using NetLoop.Transports;
using NetLoop.Transports.Streams;

namespace NetLoop.Worlds;

/// <content>Recounts what the engine counts, and checks the counts that must be zero when nothing is in progress.</content>
internal sealed partial class LoopWatch
{
    /// <summary>Twice the default of <see cref="EventLoopOptions.MaxCatchUpTicks"/>: an iteration looks for ticks after its wait and after its input.</summary>
    private const int MaxTicksPerIteration = 6;

    private readonly long _receivedBefore;
    private readonly long _sentBefore;
    private long _ticksBefore;

    private bool IsAloneOnItsHost => _world.Simulator.Drivers.Count(driver => driver.Host == Driver.Host) == 1;

    /// <summary>Checks what must hold when nothing is in progress, with all sessions open.</summary>
    /// <param name="areOpeningsOver">Whether no session can still be opening.</param>
    public void CheckAtRest(bool areOpeningsOver)
    {
        ConnectionSet transport = _core.Transport;
        _world.Require(
            transport.PausedCount == 0, "I34", $"nothing is under way, and {transport.PausedCount} connections of {Name} wait for room in the inbox");
        _world.Require(_core.Services.PendingHandlers == 0, "I34", $"nothing is under way, and {_core.Services.PendingHandlers} handlers of {Name} run");
        if (!IsServer)
        {
            return;
        }

        NetServer server = _world.Server.Server!;
        _world.Require(
            server.Handlers.ReservedPlaces() == 0,
            "I34",
            $"nothing is under way, and {server.Handlers.ReservedPlaces()} places for offloaded handlers of {Name} are taken");
        int opening = server.Loops.Sum(static loop => loop.Opening.Count);
        _world.Require(!areOpeningsOver || opening == 0, "I34", $"nobody comes, and {opening} sessions of {Name} are opening");
    }

    private void CheckGaugesAtEnd()
    {
        long late = OfProcess.Sum(static driver => driver.Core.Counters.LateResponses);

        // Guests give up requests on purpose.
        long most = IsServer ? _world.Server.RequestsGivenUp : _world.Nodes.FirstOrDefault(node => node.Driver == Driver)?.RequestsGivenUp ?? long.MaxValue;
        bool mayBeForged = IsServer && _world.Settings.Adversaries > 0;
        _world.Require(late <= most || mayBeForged, "I15", $"{late} responses of {Name} came for no request, and {most} requests were given up");
        _world.Require(_core.Services.PendingHandlers == 0, "I34", $"{_core.Services.PendingHandlers} handlers of {Name} run at the end");
        CheckStatistics();
        if (!IsServer)
        {
            return;
        }

        NetServer server = _world.Server.Server!;
        (long opened, long closed) = _world.Server.SessionEvents;
        int places = server.Loops.SelectMany(static loop => loop.Acceptors)
            .Select(static acceptor => acceptor.Addresses)
            .Distinct()
            .Sum(static addresses => addresses.Connections);
        _world.Require(places == 0, "I34", $"{places} places for addresses of {Name} are taken at the end");
        _world.Require(
            server.Handlers.ReservedPlaces() == 0, "I34", $"{server.Handlers.ReservedPlaces()} places for offloaded handlers of {Name} are taken at the end");
        int opening = server.Loops.Sum(static loop => loop.Opening.Count);
        _world.Require(opening == 0, "I34", $"{opening} sessions of {Name} are opening at the end");
        _world.Require(server.Everyone.Count == 0, "I34", $"{server.Everyone.Count} sessions of {Name} are in the group of all at the end");
        _world.Require(
            opened == OfProcess.Sum(static driver => driver.Core.Counters.SessionsOpened)
                && closed == OfProcess.Sum(static driver => driver.Core.Counters.SessionsClosed),
            "I19",
            $"handlers of {Name} heard of {opened} sessions opened and {closed} closed, and others were");
    }

    /// <summary>The published statistics of the loop must match its counters.</summary>
    private void CheckStatistics()
    {
        LoopStatistics statistics = Driver.Loop.GetStatistics();
        _world.Require(
            statistics.Connections == 0
                && statistics.Sessions == 0
                && statistics.InboxDepth == 0
                && statistics.SendQueueBytes == 0
                && statistics.Buffers.RentedBytes == 0,
            "I34",
            $"statistics of {Name} are not at rest at the end: {statistics}");
        long ended = statistics.ClosedByReason.Values.Sum();
        _world.Require(ended >= Counters.SessionsClosed, "I19", $"{ended} sessions of {Name} ended for a reason, and {Counters.SessionsClosed} were closed");
        _world.Require(
            statistics.Ticks == Counters.Ticks && statistics.Iterations == Counters.Iterations, "I8", $"statistics of {Name} have another time: {statistics}");
        _world.Require(statistics.Busy is >= 0 and <= 1, "I8", $"{Name} was busy for {statistics.Busy} of its time");
        CheckHistogram(statistics.TickTime, Counters.Ticks);

        // Some were measured for a thread that never had time to run them.
        CheckHistogram(statistics.TickLateness, Counters.Ticks + Counters.TicksSkipped + MaxTicksPerIteration);
        if (IsServer)
        {
            foreach (NetEndpoint endpoint in _world.Server.Server!.Endpoints)
            {
                _world.Require(
                    NetEndpoint.TryParse(endpoint.ToUri(), out NetEndpoint parsed) && parsed == endpoint,
                    "I8",
                    $"{Name} listens on {endpoint}, which is read back as {parsed}");
            }

            LoopStatistics all = _world.Server.Server!.GetStatistics();
            long sent = OfProcess.Sum(static driver => driver.Core.Counters.BodiesOut);
            long received = OfProcess.Sum(static driver => driver.Core.Counters.BodiesIn);
            _world.Require(
                all.BodiesOut == sent && all.BodiesIn == received,
                "I7",
                $"the loops of {Name} sent {sent} bodies and received {received}, and others are published: {all}");
        }
    }

    private void CheckHistogram(LatencyHistogram histogram, long most)
    {
        _world.Require(histogram.Count <= most, "I8", $"{histogram.Count} ticks of {Name} are measured, and {most} were run");
        long before = 0;
        foreach (double share in (ReadOnlySpan<double>)[0, 50, 99, 100])
        {
            long within = histogram.Percentile(share);
            _world.Require(
                within >= before && within <= histogram.Max,
                "I8",
                $"{share} % of the ticks of {Name} took {within} ns, fewer of them {before}, the longest {histogram.Max}");
            before = within;
        }

        _world.Require(
            before == histogram.Max && histogram.Mean <= histogram.Max,
            "I8",
            $"the longest tick of {Name} took {histogram.Max} ns, the average {histogram.Mean}");
    }

    /// <summary>
    /// The counts of queued bytes and bodies are right, and the bytes will be sent: at the end of this iteration, or when the kernel has room.
    /// </summary>
    private void CheckQueue(StreamConnection connection)
    {
        (int bytes, int bodies) = connection.RecountQueue();
        _world.Require(
            bytes == connection.QueuedBytes && bodies == connection.QueuedBodies,
            "I7",
            $"{bodies} bodies of {bytes} bytes are queued for {connection.Owner}, and {connection.QueuedBodies} of {connection.QueuedBytes} are counted");
        if (connection.CanSend && bytes > 0)
        {
            bool isWatched = (connection.WatchedInterest & Interest.Writable) != 0;
            _world.Require(
                connection.IsDirty || (connection.IsSendBlocked && isWatched),
                "I6",
                $"{bytes} bytes are queued for {connection.Owner}, and nobody will send them");
        }
    }

    /// <summary>Each connection that is opening or closing has a deadline of its own, no later than the longest timeout.</summary>
    private void CheckDeadline(Connection connection)
    {
        // Some sessions of guests have no deadline, and some have a longer one.
        if (!_world.HasGuests
            && connection.State is ConnectionState.Connecting or ConnectionState.Opening or ConnectionState.Draining or ConnectionState.Lingering)
        {
            Require(_core.Transport.Timers.DueOf(connection.Deadline), $"a connection to {connection.Owner} that is {connection.State}");
        }
    }

    /// <summary>Each session with an open connection has a deadline too.</summary>
    private void CheckDeadline(Session session)
    {
        if (!_world.HasGuests && session.IsConnected)
        {
            Require(_core.Transport.Timers.DueOf(session.Deadlines.Timer), $"{session}, which is {session.Status},");
        }
    }

    private void Require(long due, string whose)
    {
        long left = due - _core.Clock.PeerTime;
        long most = _world.LongestTimeout;
        _world.Require(
            due != long.MaxValue && left <= most,
            "I5",
            $"{whose} of {Name} has {(due == long.MaxValue ? "no deadline" : $"its deadline in {left} ns")}, {most} are allowed");
    }

    private void CheckTimersAndBytes()
    {
        _world.Require(_core.Transport.Timers.IsOrdered(), "I8", $"the timers of {Name} are not in order");
        if (IsAloneOnItsHost)
        {
            long received = Driver.Host.BytesReceived - _receivedBefore;
            long sent = Driver.Host.BytesSent - _sentBefore;
            _world.Require(
                Counters.BytesIn == received && Counters.BytesOut == sent,
                "I7",
                $"{Name} received {received} bytes and sent {sent}, and {Counters.BytesIn} and {Counters.BytesOut} are counted");
        }
    }
}
