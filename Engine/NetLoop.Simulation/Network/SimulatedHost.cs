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

    /// <summary>The host that it reaches at 127.0.0.1: itself, or the server it is a client of.</summary>
    public SimulatedHost LoopbackHost { get; set; }

    /// <summary>The router that translates the addresses of its datagram flows; null until <see cref="AddressTranslation.Rebind"/>.</summary>
    public AddressTranslation? Translation { get; set; }

    /// <summary>Whether the machine is running.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>The virtual time until which nothing runs on it.</summary>
    public long PausedUntil { get; set; }

    /// <summary>Number of processes that have died on it.</summary>
    public int Deaths { get; private set; }

    /// <summary>Whether its process leaves all received bytes in the kernel.</summary>
    public bool StopsReading { get; private set; }

    /// <summary>The threads of its process if each is simulated; null if the thread that lets time pass runs its loops.</summary>
    public SimulatedThreads? Threads { get; set; }

    /// <summary>The time of one system call, in nanoseconds.</summary>
    public long CallCost { get; set; } = 500;

    /// <summary>Maximum number of open sockets.</summary>
    public int MaxSockets { get; set; } = 65_536;

    /// <summary>Descriptors that other code in its process holds: files, clients, another server.</summary>
    public int OtherDescriptors => _others.Count;

    /// <summary>Number of all open descriptors of its process.</summary>
    public int OpenDescriptors => OpenSockets + OtherDescriptors;

    /// <summary>The temporary limit of open sockets, which is not reported to code that asks for the limit.</summary>
    public int MaxSocketsNow { get; set; } = int.MaxValue;

    /// <summary>Whether no further socket can be opened.</summary>
    public bool IsFull => OpenDescriptors >= MaxSockets || OpenSockets >= MaxSocketsNow;

    /// <summary>Number of open pollers of its process.</summary>
    public int OpenPollers { get; set; }

    /// <summary>Number of open sockets.</summary>
    public int OpenSockets { get; private set; }

    /// <summary>The highest handle of an open socket; -1 if none is open.</summary>
    public int HighestSocket => _sockets.FindLastIndex(static socket => socket is not null);

    /// <summary>The same for sockets that a poller watches.</summary>
    public int HighestPolledSocket => _sockets.FindLastIndex(static socket => socket is { Poller: not null });

    /// <summary>Time spent computing since the last event.</summary>
    public long Busy { get; private set; }

    /// <summary>Number of system calls.</summary>
    public long Calls { get; private set; }

    /// <summary>Bytes that its processes have received.</summary>
    public long BytesReceived { get; set; }

    /// <summary>Bytes that its processes have sent.</summary>
    public long BytesSent { get; set; }

    /// <summary>Virtual time for this host's processor: the network's time plus the time spent computing since.</summary>
    public long Now => Network.Events.Now + Busy;

    /// <summary>Its files that Unix sockets can see.</summary>
    public SimulatedFiles Files { get; } = new();

    public IReadOnlyList<SimulatedSocket?> Sockets => _sockets;

    /// <summary>Lets the time of one system call pass.</summary>
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

    /// <summary>Lets computing time pass.</summary>
    public void Compute(long nanoseconds)
    {
        Busy += nanoseconds;
        if (Threads is not null)
        {
            SimulatedThread.Current?.Pass();
        }
    }

    /// <summary>Ends the computing time, and returns it.</summary>
    public long TakeBusy()
    {
        long busy = Busy;
        Busy = 0;
        return busy;
    }

    /// <summary>Opens a handle: the lowest free number, as in a kernel, so that stale handles soon refer to another socket.</summary>
    public SocketHandle Open(SimulatedSocket socket)
    {
        FindLowestFree();
        _sockets[_lowestFree] = socket;
        socket.Handle = _lowestFree;
        OpenSockets++;
        return new SocketHandle(_lowestFree);
    }

    /// <summary>Other code in its process opens descriptors, the lowest free ones.</summary>
    public void TakeDescriptors(int count)
    {
        for (; count > 0; count--)
        {
            FindLowestFree();
            _others.Add(_lowestFree);
        }
    }

    /// <summary>Other code closes descriptors, from the lowest on.</summary>
    public void ReturnDescriptors(int count)
    {
        for (; count > 0 && _others.Count > 0; count--)
        {
            int number = _others.Min;
            _others.Remove(number);
            _lowestFree = Math.Min(_lowestFree, number);
        }
    }

    /// <summary>The open socket of a handle; null if there is none.</summary>
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

    /// <summary>Closes all sockets: in order, as the kernel does for a dead process, or without sending anything, as when the power fails.</summary>
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

    /// <summary>Its process stops or resumes reading.</summary>
    public void SetReading(bool reads)
    {
        StopsReading = !reads;
        foreach (SimulatedSocket? socket in _sockets)
        {
            socket?.Touch();
        }
    }
}
