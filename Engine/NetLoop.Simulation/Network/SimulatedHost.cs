using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>One machine: an address, a clock, a table of open sockets.</summary>
internal sealed class SimulatedHost
{
    private readonly List<SimulatedSocket?> _sockets = [];
    private readonly SortedSet<int> _others = [];
    private int _lowestFree;

    public SimulatedHost(SimulatedNetwork network, int index, string name)
    {
        Network = network;
        Index = index;
        Name = name;
        Address = NetEndpoint.Tcp($"10.{(index >> 16) & 0xFF}.{(index >> 8) & 0xFF}.{index & 0xFF}", 0);
        Clock = new HostClock(this);
        LoopbackHost = this;
        Stack = new SimulatedStack(this);
    }

    public SimulatedNetwork Network { get; }

    public int Index { get; }

    public string Name { get; }

    /// <summary>Its address, with port 0.</summary>
    public NetEndpoint Address { get; }

    public HostClock Clock { get; }

    public SimulatedStack Stack { get; }

    /// <summary>Whom it reaches at 127.0.0.1: itself, or the server it is a client of.</summary>
    public SimulatedHost LoopbackHost { get; set; }

    /// <summary>Whether the machine runs.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Until when nothing runs on it, in virtual time.</summary>
    public long PausedUntil { get; set; }

    /// <summary>How many processes have died on it.</summary>
    public int Deaths { get; private set; }

    /// <summary>Whether its process leaves everything it is sent in the kernel.</summary>
    public bool StopsReading { get; private set; }

    /// <summary>The threads of its process, when each is simulated; null when its loops are run by what lets time pass.</summary>
    public SimulatedThreads? Threads { get; set; }

    /// <summary>What one system call costs, in nanoseconds.</summary>
    public long CallCost { get; set; } = 500;

    /// <summary>How many sockets it may have open.</summary>
    public int MaxSockets { get; set; } = 65_536;

    /// <summary>Descriptors that others in its process hold: files, clients, another server.</summary>
    public int OtherDescriptors => _others.Count;

    /// <summary>Everything that its process has open.</summary>
    public int OpenDescriptors => OpenSockets + OtherDescriptors;

    /// <summary>How many it may have open for the time being; whoever asks for the limit is not told.</summary>
    public int MaxSocketsNow { get; set; } = int.MaxValue;

    /// <summary>Whether no further socket can be opened.</summary>
    public bool IsFull => OpenDescriptors >= MaxSockets || OpenSockets >= MaxSocketsNow;

    /// <summary>Pollers that its process has and has not disposed of.</summary>
    public int OpenPollers { get; set; }

    /// <summary>Sockets open now.</summary>
    public int OpenSockets { get; private set; }

    /// <summary>The highest number that a socket has; -1 when none is open.</summary>
    public int HighestSocket => _sockets.FindLastIndex(static socket => socket is not null);

    /// <summary>The same of those that a poller watches.</summary>
    public int HighestPolledSocket => _sockets.FindLastIndex(static socket => socket is { Poller: not null });

    /// <summary>Time spent computing since the last event.</summary>
    public long Busy { get; private set; }

    /// <summary>System calls made.</summary>
    public long Calls { get; private set; }

    /// <summary>Bytes that its processes have received.</summary>
    public long BytesReceived { get; set; }

    /// <summary>Bytes that its processes have sent.</summary>
    public long BytesSent { get; set; }

    /// <summary>Virtual time as this host's processor has it: the network's, and what was computed since.</summary>
    public long Now => Network.Events.Now + Busy;

    /// <summary>Its files, as far as Unix sockets see them.</summary>
    public SimulatedFiles Files { get; } = new();

    public IReadOnlyList<SimulatedSocket?> Sockets => _sockets;

    /// <summary>One system call's time passes.</summary>
    public void Charge()
    {
        Calls++;
        Busy += CallCost;
        if (Threads is not null && SimulatedThread.Current is { } thread)
        {
            thread.Calls++;
            thread.Pass();
        }
    }

    /// <summary>Computing takes time.</summary>
    public void Compute(long nanoseconds)
    {
        Busy += nanoseconds;
        if (Threads is not null)
        {
            SimulatedThread.Current?.Pass();
        }
    }

    /// <summary>The processor waits again; returns how long it was busy.</summary>
    public long TakeBusy()
    {
        long busy = Busy;
        Busy = 0;
        return busy;
    }

    /// <summary>Opens a handle: the lowest number that is free, as the kernel does, so that stale numbers soon name somebody else.</summary>
    public SocketHandle Open(SimulatedSocket socket)
    {
        FindLowestFree();
        _sockets[_lowestFree] = socket;
        socket.Handle = _lowestFree;
        OpenSockets++;
        return new SocketHandle(_lowestFree);
    }

    /// <summary>Somebody else in its process opens descriptors, the lowest that are free.</summary>
    public void TakeDescriptors(int count)
    {
        for (; count > 0; count--)
        {
            FindLowestFree();
            _others.Add(_lowestFree);
        }
    }

    /// <summary>They are closed again, from the lowest on.</summary>
    public void ReturnDescriptors(int count)
    {
        for (; count > 0 && _others.Count > 0; count--)
        {
            int number = _others.Min;
            _others.Remove(number);
            _lowestFree = Math.Min(_lowestFree, number);
        }
    }

    /// <summary>The open socket of a handle, or null.</summary>
    public SimulatedSocket? Find(SocketHandle handle) => (uint)handle.Value < (uint)_sockets.Count ? _sockets[handle.Value] : null;

    /// <summary>Frees a handle.</summary>
    public void Release(SimulatedSocket socket)
    {
        Invariant.Holds(_sockets[socket.Handle] == socket);
        _sockets[socket.Handle] = null;
        _lowestFree = Math.Min(_lowestFree, socket.Handle);
        socket.Handle = -1;
        OpenSockets--;
    }

    private void FindLowestFree()
    {
        while (_lowestFree < _sockets.Count && (_sockets[_lowestFree] is not null || _others.Contains(_lowestFree)))
        {
            _lowestFree++;
        }

        if (_lowestFree == _sockets.Count)
        {
            _sockets.Add(null);
        }
    }

    /// <summary>Ends everything that is open: in order as the kernel does for a process that died, or without a word as when the power fails.</summary>
    public void CloseEverything(bool withoutAWord)
    {
        Deaths++;
        OpenPollers = 0;
        ReturnDescriptors(OtherDescriptors);
        Files.Disown();
        for (int i = 0; i < _sockets.Count; i++)
        {
            if (_sockets[i] is { } socket)
            {
                socket.Poller?.Forget(socket);
                Network.Unbind(socket);
                Release(socket);
                if (withoutAWord)
                {
                    socket.Vanish();
                }
                else
                {
                    socket.Close(reset: false);
                }
            }
        }
    }

    /// <summary>Its process stops reading, or goes on.</summary>
    public void SetReading(bool reads)
    {
        StopsReading = !reads;
        foreach (SimulatedSocket? socket in _sockets)
        {
            socket?.Touch();
        }
    }
}
