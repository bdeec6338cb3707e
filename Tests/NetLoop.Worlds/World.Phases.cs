namespace NetLoop.Worlds;

/// <content>The phases in order, and what must hold at the end of each.</content>
internal sealed partial class World
{
    private void RunPhases()
    {
        Server.Start();
        foreach (ClientNode node in _nodes)
        {
            node.Start();
        }

        _ = RunFor(Settings.WarmUp) && RunSafety() && RunLiveness() && RunCalm() && RunLastAskers() && RunGuests() && RunSteady() && RunDrain();
    }

    private bool RunSafety()
    {
        Enter(WorldPhase.Safety);
        Network.Faults.IsActive = true;
        Network.FaultsEnd = Now + Settings.Safety;
        _hostFaults.Begin(Now + Settings.Safety);
        if (Settings.Descriptors > 0)
        {
            _neighbors.Begin(Now + Settings.Safety);
        }

        foreach (Adversary adversary in _adversaries)
        {
            adversary.Begin();
        }

        bool goesOn = RunFor(Settings.Safety);
        Network.Faults.IsActive = false;
        Network.LoseNothing();
        _hostFaults.Heal();
        _neighbors.Leave();
        foreach (Adversary adversary in _adversaries)
        {
            adversary.Silence();
        }

        return goesOn;
    }

    private bool RunLiveness()
    {
        Enter(WorldPhase.Liveness);

        // Bytes lost just before are sent again and arrive; a close with a bounded wait must not have to wait for that too.
        if (!RunFor(2 * (Settings.Link.RetransmissionTimeout + Settings.Link.Latency + Settings.Link.Jitter).Ticks * 100)
            || !RunWhile(static world => !world.IsEverybodyBack, Settings.Liveness))
        {
            return false;
        }

        Require(IsEverybodyBack, "I21", $"{Settings.Liveness / 1e9} s after the last fault {Missing()}");
        Enter(WorldPhase.Quiet);
        if (!RunWhile(static world => !world.IsEverythingDone, Settings.Liveness))
        {
            return false;
        }

        Require(IsEverythingDone, "I7", $"{Settings.Liveness / 1e9} s after the last message {Missing()}");
        return _violation is null;
    }

    /// <summary>
    /// Clients without an engine send requests and end their stream, two at a time. There are no faults, so every request must get a response.
    /// </summary>
    private bool RunLastAskers()
    {
        if (_askerHost is null)
        {
            return true;
        }

        long patience = (Settings.CloseTimeout.Ticks * 100) + (20L * 1_000 * Millisecond) + Settings.WorkTime;
        foreach (LastAskerEnd[] ends in Enum.GetValues<LastAskerEnd>().Chunk(2))
        {
            LastAsker[] askers = [.. ends.Select(end => new LastAsker(this, _askerHost, end))];
            bool goesOn = RunWhile(_ => !Array.TrueForAll(askers, static asker => asker.IsOver), patience);
            Require(
                !goesOn || Array.TrueForAll(askers, static asker => asker.IsOver),
                "I32",
                $"{patience / 1e9} s after requests with {string.Join(" and ", ends)} behind them the server has not closed");
            Array.ForEach(askers, static asker => asker.Close());
            if (!goesOn)
            {
                return false;
            }
        }

        return _violation is null;
    }

    private bool RunSteady()
    {
        if (!Settings.MeasuresAllocations)
        {
            return true;
        }

        Enter(WorldPhase.Steady);
        if (!RunSteadySteps(SteadyWarmUpSteps))
        {
            return false;
        }

        // A list may still grow once when more happens together than ever before; code that allocates in the steady state does so in every attempt. All
        // attempts run, whatever the first one shows: allocations of the runtime itself must not change what happens next.
        LoopWatch server = _watches.Find(watch => watch.Driver == Server.Driver)!;
        long least = long.MaxValue;
        for (int attempt = 0; attempt < SteadyAttempts; attempt++)
        {
            server.MeasuresAllocations = true;
            bool goesOn = RunSteadySteps(SteadyMeasuredSteps);
            least = Math.Min(least, server.TakeAllocatedBytes());
            server.MeasuresAllocations = false;
            if (!goesOn)
            {
                return false;
            }
        }

        Require(least == 0, "I11", $"the server's loop allocated at least {least} bytes in each of {SteadyAttempts} times {SteadyMeasuredSteps} steady steps");
        return _violation is null;
    }

    private bool RunSteadySteps(int count)
    {
        for (int i = 0; i < count; i++)
        {
            foreach (ClientNode node in _nodes)
            {
                node.SendSteady();
            }

            if (!RunFor(SteadyStep))
            {
                return false;
            }
        }

        return true;
    }

    private bool RunDrain()
    {
        Enter(WorldPhase.Drain);
        long patience = (Settings.CloseTimeout.Ticks * 100) + (20L * 1_000 * Millisecond) + Settings.WorkTime;

        // In a prompt world, an orderly end must not wait for its timeout.
        long leaving = IsPrompt && !Settings.IsDedicated ? Math.Min(patience, (Settings.CloseTimeout.Ticks * 100 / 2) + (4 * FastRoundTrip)) : patience;

        // Some clients send their last messages and leave; the others receive the server's last messages.
        foreach (ClientNode node in _nodes)
        {
            node.LeaveSome();
        }

        if (!RunWhile(static world => !world.HaveLeaversLeft, leaving))
        {
            return false;
        }

        Require(HaveLeaversLeft, "I20", $"{leaving / 1e9} s after clients left in order, their sessions are not closed on both sides");
        foreach (ClientLife life in Leavers())
        {
            Require(life.IsComplete, "I7", $"client {life.Client} left in order after {life.Sent} messages, and {life.Handled} were handled");
        }

        if (Settings.AsksThroughTheStop)
        {
            _nodes.ForEach(static node => node.AskThroughTheStop());

            // Wait until some requests have arrived, some are in flight, and some are not sent yet.
            if (!RunFor((Settings.Link.Latency.Ticks * 100) + (10 * Millisecond)))
            {
                return false;
            }
        }

        List<ServerSession> last = Server.SayLastWords();
        if (!RunWhile(static world => world.Server.IsRunning, patience))
        {
            return false;
        }

        Require(!Server.IsRunning, "I20", $"the server has not stopped {patience / 1e9} s after it was told to");
        foreach (ClientNode node in _nodes)
        {
            node.Stop();
        }

        if (!RunWhile(static world => world._nodes.Exists(node => node.IsRunning), patience))
        {
            return false;
        }

        CheckEnd(last);
        Enter(WorldPhase.Done);
        return _violation is null;
    }

    private void CheckEnd(List<ServerSession> last)
    {
        foreach (ServerSession session in last)
        {
            Require(
                session.Life is not { } life || life.Pushed == session.Pushed,
                "I7",
                $"the server stopped in order after {session.Pushed} pushes to client {session.Life?.Client}, and {session.Life?.Pushed} arrived");
        }

        foreach (StopRequest request in _stopRequests)
        {
            bool isOrderly = request.Life.End is { Reason: CloseReason.ServerStopping, ByPeer: true };
            Require(
                !isOrderly || !request.WasHandled || request.WasAnswered,
                "I31",
                $"a request of client {request.Life.Client} was handled and not answered, and the server stopped in order");
            Require(
                request.Error != ErrorCode.ServerStopping || !request.WasHandled,
                "I31",
                $"client {request.Life.Client} is told that its request was not handled, and it was");
        }

        foreach (ClientNode node in _nodes)
        {
            Require(!node.IsRunning, "I20", $"the loop of {node.Host.Name} has not ended");
        }

        foreach (LoopWatch watch in _watches)
        {
            watch.CheckEnd();
        }

        Require(Server.Sessions.Count == 0, "I19", $"{Server.Sessions.Count} sessions opened and never closed");
        foreach (SimulatedHost host in Network.Hosts)
        {
            Require(host.OpenSockets == 0, "I24", $"{host.OpenSockets} sockets of {host.Name} are open at the end");
            Require(host.OpenPollers == 0, "I24", $"{host.OpenPollers} pollers of {host.Name} are open at the end");
        }
    }

    private IEnumerable<ClientLife> Leavers() => _nodes.SelectMany(node => node.Leavers);

    private bool HaveLeaversLeft => Leavers().All(life => life.WasClosed && !Server.HasSession(life.Connection!.Session.Id));

    /// <summary>Whether every client is connected to the running server.</summary>
    private bool IsEverybodyBack =>
        Server.IsRunning && _nodes.TrueForAll(static node => node.IsRunning && node.Lives.All(static life => life is { IsOpen: true }));

    /// <summary>Whether everything that was sent has arrived, on both sides of every session.</summary>
    private bool IsEverythingDone => IsEverybodyBack
        && PendingRequests == 0
        && _nodes.TrueForAll(node => node.Lives.All(life => life!.IsComplete && Server.HasToldEverything(life)));

    private string Missing()
    {
        if (!Server.IsRunning)
        {
            return "the server does not run";
        }

        foreach (ClientNode node in _nodes)
        {
            foreach (ClientLife? life in node.Lives)
            {
                if (life is not { IsOpen: true })
                {
                    return $"a client of {node.Host.Name} is not connected";
                }

                if (!life.IsComplete || !Server.HasToldEverything(life))
                {
                    return $"client {life.Client} life {life.Number}: {life.Sent} sent, {life.Handled} handled, {life.Server?.Pushed ?? 0} pushed, "
                        + $"{life.Pushed} received, news {life.News}";
                }
            }

            if (node.PendingRequests > 0)
            {
                return $"{node.PendingRequests} requests of {node.Host.Name} have no answer";
            }
        }

        return $"{Server.PendingRequests} requests of the server have no answer";
    }

    private void Enter(WorldPhase phase)
    {
        Phase = phase;
        Network.Trace.Event(TraceCode.World, 0, (long)phase, Ticks);
    }

    private bool RunWhile(Predicate<World> isTrue, long atMost)
    {
        long end = Now + atMost;
        while (isTrue(this) && Now < end)
        {
            if (!RunFor(Math.Min(LivenessLook, end - Now)))
            {
                return false;
            }
        }

        return true;
    }
}
