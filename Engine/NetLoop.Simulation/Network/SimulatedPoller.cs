namespace NetLoop.Simulation;

/// <summary>Reports which sockets of a host are ready: level-triggered, in any order, sometimes late, sometimes without reason.</summary>
internal sealed class SimulatedPoller : IPoller
{
    private const int RememberedTokens = 16;

    /// <summary>
    /// Minimum nanoseconds between two spurious events if a thread polls repeatedly: otherwise each poll would be an opportunity, and the loop would never
    /// rest.
    /// </summary>
    private const long BetweenSurprises = 2_000_000;

    /// <summary>
    /// Nanoseconds that a poll without events takes on a simulated thread: more than in reality, so that repeated polling does not cause an event for every
    /// microsecond.
    /// </summary>
    private const long LookInVain = 10_000;

    private readonly SimulatedNetwork _network;
    private readonly SimulatedHost _host;
    private readonly int _deaths;
    private readonly List<SimulatedSocket> _candidates = [];
    private readonly List<SimulatedSocket> _registered = [];
    private readonly Token[] _removed = new Token[RememberedTokens];
    private int _removedCount;
    private SimulatedThread? _sleeper;
    private long _surprisedAt = long.MinValue / 2;
    private bool _isWoken;
    private bool _isDisposed;

    public SimulatedPoller(SimulatedNetwork network, SimulatedHost host)
    {
        _network = network;
        _host = host;
        _deaths = host.Deaths;
        host.OpenPollers++;
    }

    /// <summary>Called when a wait would end: a socket is ready, or <see cref="Wake"/> was called.</summary>
    public Action? OnReady { get; set; }

    /// <summary>Whether a simulated thread waits in it.</summary>
    public bool IsWaitedIn => _sleeper is not null;

    /// <summary>Number of registered sockets.</summary>
    public int Count => _registered.Count;

    /// <summary>The most times that a socket was reported ready in a row without a system call on it.</summary>
    public int MostUnserved { get; private set; }

    /// <summary>Number of calls for input on its sockets: receives, and accepts that returned a connection.</summary>
    public long InputCalls { get; set; }

    /// <summary>Whether a wait would end at once.</summary>
    public bool HasReady
    {
        get
        {
            if (_isWoken)
            {
                return true;
            }

            DropUnready();
            return _candidates.Count > 0;
        }
    }

    public SocketStatus Add(SocketHandle socket, Interest interest, Token token)
    {
        _host.Charge();
        if (_host.Find(socket) is not { Poller: null } found)
        {
            return SocketStatus.InvalidCall;
        }

        if (_network.Faults.Hits(FaultClass.RegisterNoBuffers))
        {
            return SocketStatus.NoBuffers;
        }

        found.Poller = this;
        found.Interest = interest;
        found.Token = token;
        _registered.Add(found);
        found.Touch();
        return SocketStatus.Ok;
    }

    public SocketStatus Modify(SocketHandle socket, Interest interest, Token token)
    {
        _host.Charge();
        if (_host.Find(socket) is not { } found || found.Poller != this)
        {
            return SocketStatus.InvalidCall;
        }

        if (_network.Faults.Hits(FaultClass.ModifyNoBuffers))
        {
            return SocketStatus.NoBuffers;
        }

        found.Interest = interest;
        found.Token = token;
        found.UnservedReports = 0;
        found.Touch();
        return SocketStatus.Ok;
    }

    public SocketStatus Remove(SocketHandle socket)
    {
        _host.Charge();
        if (_host.Find(socket) is not { } found || found.Poller != this)
        {
            return SocketStatus.InvalidCall;
        }

        Forget(found);
        return SocketStatus.Ok;
    }

    /// <summary>Removes a socket that the kernel closed while it was registered.</summary>
    public void Forget(SimulatedSocket socket)
    {
        _removed[_removedCount++ % RememberedTokens] = socket.Token;
        socket.Poller = null;
        socket.ReadySince = -1;
        if (socket.IsCandidate)
        {
            socket.IsCandidate = false;
            _candidates.Remove(socket);
        }

        int index = _registered.IndexOf(socket);
        _registered[index] = _registered[^1];
        _registered.RemoveAt(_registered.Count - 1);
    }

    public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
    {
        _host.Charge();
        if (_network.IsSelfDriven)
        {
            PassTime(timeoutNanoseconds);
        }
        else if (SimulatedThread.Current is { } thread)
        {
            thread.Calls--;
            Sleep(thread, timeoutNanoseconds);
        }

        if (_isWoken)
        {
            _isWoken = false;
        }
        else if (_network.Faults.Hits(FaultClass.PollInterrupted))
        {
            return 0;
        }

        int count = Report(events);
        if (count < events.Length && MaySurprise && _network.Faults.Hits(FaultClass.PollSpurious) && _registered.Count > 0)
        {
            SimulatedSocket any = _registered[_network.Faults.StreamOf(FaultClass.PollSpurious).Next(_registered.Count)];
            events[count++] = new ReadyEvent(any.Token, Readiness.Readable | Readiness.Writable);
            _surprisedAt = _host.Now;
        }

        if (count < events.Length && _removedCount > 0 && MaySurprise && _network.Faults.Hits(FaultClass.PollStale))
        {
            int known = Math.Min(_removedCount, RememberedTokens);
            events[count++] = new ReadyEvent(_removed[_network.Faults.StreamOf(FaultClass.PollStale).Next(known)], Readiness.Readable | Readiness.Failed);
            _surprisedAt = _host.Now;
        }

        return count;
    }

    public void Wake()
    {
        if (!_isDisposed)
        {
            _isWoken = true;
            SimulatedThread.Current?.Pass();
            if (_network.Thread != 0 && _network.Thread != Environment.CurrentManagedThreadId)
            {
                _network.WasDisturbed = true;
                return;
            }

            CallReady();
        }
    }

    public void Dispose()
    {
        _host.OpenPollers -= _isDisposed || _deaths != _host.Deaths ? 0 : 1;
        _isDisposed = true;
        while (_registered.Count > 0)
        {
            Forget(_registered[^1]);
        }
    }

    /// <summary>Adds a socket that may have become ready.</summary>
    public void AddCandidate(SimulatedSocket socket)
    {
        Readiness readiness = socket.WantedReadiness();
        if (readiness == Readiness.None)
        {
            return;
        }

        if (!socket.IsCandidate)
        {
            socket.IsCandidate = true;
            _candidates.Add(socket);
            socket.ReadySince = _host.Now;
        }

        CallReady();
    }

    private void CallReady()
    {
        OnReady?.Invoke();
        _sleeper?.WakeUp();
    }

    /// <summary>The calling thread waits, as it would in a kernel.</summary>
    private void Sleep(SimulatedThread thread, long timeoutNanoseconds)
    {
        if (timeoutNanoseconds == 0)
        {
            if (!HasReady)
            {
                _host.Compute(LookInVain);
            }
        }
        else if (!HasReady)
        {
            _sleeper = thread;
            thread.Block(timeoutNanoseconds < 0 ? long.MaxValue : _host.Clock.After(timeoutNanoseconds));
            _sleeper = null;
        }
    }

    private bool MaySurprise => _host.Threads is null || _host.Now - _surprisedAt >= BetweenSurprises;

    private int Report(Span<ReadyEvent> events)
    {
        DropUnready();
        if (_candidates.Count > 1 && _network.Faults.Hits(FaultClass.PollShuffled))
        {
            Shuffle(_network.Faults.StreamOf(FaultClass.PollShuffled));
        }

        int count = 0;
        foreach (SimulatedSocket socket in _candidates)
        {
            if (count == events.Length)
            {
                break;
            }

            if (!_network.Faults.Hits(FaultClass.PollLate))
            {
                events[count++] = new ReadyEvent(socket.Token, socket.WantedReadiness());
                MostUnserved = Math.Max(MostUnserved, ++socket.UnservedReports);
            }
        }

        if (count == events.Length && count < _candidates.Count)
        {
            // Events that did not fit come first next time, as in the kernel's list.
            _candidates.Reverse(0, count);
            _candidates.Reverse(count, _candidates.Count - count);
            _candidates.Reverse();
        }

        return count;
    }

    private void DropUnready()
    {
        int kept = 0;
        for (int i = 0; i < _candidates.Count; i++)
        {
            SimulatedSocket socket = _candidates[i];
            if (socket.WantedReadiness() == Readiness.None)
            {
                socket.IsCandidate = false;
                socket.ReadySince = -1;
            }
            else
            {
                _candidates[kept++] = socket;
            }
        }

        _candidates.RemoveRange(kept, _candidates.Count - kept);
    }

    private void Shuffle(SeededRandom random)
    {
        for (int i = _candidates.Count - 1; i > 0; i--)
        {
            int other = random.Next(i + 1);
            (_candidates[i], _candidates[other]) = (_candidates[other], _candidates[i]);
        }
    }

    /// <summary>Without a scheduler the wait itself lets time pass. A wait without limit may end when nothing will ever happen by itself.</summary>
    private void PassTime(long timeoutNanoseconds)
    {
        EventQueue events = _network.Events;
        if (timeoutNanoseconds < 0)
        {
            while (!HasReady && events.Count > 0)
            {
                events.FireNext(events.NextDue);
            }

            return;
        }

        long until = events.Now + timeoutNanoseconds;
        while (!HasReady && events.FireNext(until))
        {
        }
    }
}
