namespace NetLoop.Simulation;

/// <summary>The hosts of one simulation, the links between them, and their common time.</summary>
internal sealed partial class SimulatedNetwork : IDisposable
{
    private const int FirstEphemeralPort = 32_768;
    private const int LastEphemeralPort = 60_999;
    private const ulong LinkStream = 1;

    private static readonly NetEndpoint Loopback4 = NetEndpoint.Tcp("127.0.0.1", 0);
    private static readonly NetEndpoint Loopback6 = NetEndpoint.Tcp("::1", 0);

    private readonly List<SimulatedHost> _hosts = [];
    private readonly Dictionary<(int Host, UInt128 Address, int Port), List<SimulatedSocket>> _listeners = [];
    private readonly Dictionary<(int From, int To), Link> _links = [];
    private readonly SeededRandom _linkRandom;
    private int _nextPort = FirstEphemeralPort;

    public SimulatedNetwork(ulong seed)
    {
        Seed = seed;
        Trace = new Trace(Events);
        Faults = new FaultPlan(seed);
        _linkRandom = SeededRandom.For(seed, LinkStream);
        _datagramRandom = SeededRandom.For(seed, DatagramStream);
    }

    public ulong Seed { get; }

    public EventQueue Events { get; } = new();

    public Trace Trace { get; }

    public FaultPlan Faults { get; }

    public IReadOnlyList<SimulatedHost> Hosts => _hosts;

    /// <summary>The conditions of links that are created from now on. A host's link to itself is perfect.</summary>
    public LinkConditions Link { get; set; } = LinkConditions.Perfect;

    /// <summary>The virtual time at which the faults of this world end; 0 before they begin.</summary>
    public long FaultsEnd { get; set; }

    /// <summary>Whether a poller's wait lets time pass because there is no scheduler: for tests of single sockets.</summary>
    public bool IsSelfDriven { get; init; }

    /// <summary>The thread that lets time pass; 0 while time does not pass.</summary>
    public int Thread { get; set; }

    /// <summary>Whether another thread woke a loop while time passed: its actions do not depend on the seed.</summary>
    public bool WasDisturbed { get; set; }

    /// <summary>Called when something outside an iteration may have given a loop work.</summary>
    public Action LookAtLoops { get; set; } = () => { };

    /// <summary>Whether the simulated system counts its own allocations.</summary>
    public bool MeasuresAllocations { get; set; }

    /// <summary>Bytes that simulated calls allocated meanwhile; a real system would not allocate them.</summary>
    public long OwnAllocations { get; private set; }

    /// <summary>Called at the beginning of a call.</summary>
    public long MarkAllocations() => MeasuresAllocations ? GC.GetAllocatedBytesForCurrentThread() : 0;

    /// <summary>Called at the end of a call.</summary>
    public void AddAllocations(long mark) => OwnAllocations += MeasuresAllocations ? GC.GetAllocatedBytesForCurrentThread() - mark : 0;

    public SimulatedHost AddHost(string name)
    {
        var host = new SimulatedHost(this, _hosts.Count + 1, name);
        _hosts.Add(host);
        return host;
    }

    public SocketStatus Listen(
        SimulatedHost host, in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound, bool isShared = false)
    {
        bound = default;
        listener = SocketHandle.None;
        SocketStatus status = endpoint.Transport switch
        {
            TransportKind.Tcp => CheckBindTcp(host, endpoint, isShared),
            TransportKind.Unix => CheckBindUnix(host, endpoint),
            _ => SocketStatus.InvalidCall,
        };
        if (status == SocketStatus.Ok && host.IsFull)
        {
            status = SocketStatus.TooManyFiles;
        }

        if (status != SocketStatus.Ok)
        {
            return status;
        }

        bound = endpoint.Transport == TransportKind.Tcp && endpoint.Port == 0 ? endpoint.WithPort(FreePort(host, endpoint)) : endpoint;
        SimulatedSocket socket = bound.Transport == TransportKind.Unix
            ? new SimulatedUnixSocket(this, host, SocketState.Listening) { Local = bound, Backlog = backlog }
            : new SimulatedTcpSocket(this, host, SocketState.Listening) { Local = bound, Backlog = backlog, SharesPort = isShared };
        listener = host.Open(socket);
        if (bound.Transport == TransportKind.Tcp)
        {
            if (!_listeners.TryGetValue((host.Index, bound.Address, bound.Port), out List<SimulatedSocket>? sharing))
            {
                _listeners.Add((host.Index, bound.Address, bound.Port), sharing = []);
            }

            sharing.Add(socket);
        }
        else
        {
            host.Files.Bind(bound.Path, socket);
        }

        return SocketStatus.Ok;
    }

    /// <summary>A closed listener is no longer found; the file of a Unix listener stays behind.</summary>
    public void Unbind(SimulatedSocket socket)
    {
        if (socket is SimulatedDatagramSocket datagrams)
        {
            Release(datagrams);
            return;
        }

        if (socket.State != SocketState.Listening)
        {
            return;
        }

        if (socket.Local.Transport == TransportKind.Unix)
        {
            socket.Host.Files.Unbind(socket.Local.Path, socket);
        }
        else
        {
            (int, UInt128, int) key = (socket.Host.Index, socket.Local.Address, socket.Local.Port);
            _listeners[key].Remove(socket);
            if (_listeners[key].Count == 0)
            {
                _listeners.Remove(key);
            }
        }
    }

    public SocketStatus Connect(SimulatedHost host, in NetEndpoint remote, out SocketHandle socket)
    {
        socket = SocketHandle.None;
        if (host.IsFull)
        {
            return SocketStatus.TooManyFiles;
        }

        return remote.Transport switch
        {
            TransportKind.Tcp => ConnectTcp(host, remote, out socket),
            TransportKind.Unix => ConnectUnix(host, host.LoopbackHost, remote, out socket),
            _ => SocketStatus.InvalidCall,
        };
    }

    /// <summary>The listener at an endpoint; null if there is none.</summary>
    /// <param name="host">The host.</param>
    /// <param name="endpoint">The endpoint on that host.</param>
    /// <param name="remote">Identifies the connecting peer; the system uses it to choose among sockets that share a port.</param>
    public SimulatedSocket? FindListener(SimulatedHost host, in NetEndpoint endpoint, int remote = 0)
    {
        if (endpoint.Transport == TransportKind.Unix)
        {
            host.Files.FindListener(endpoint.Path, out SimulatedSocket? local);
            return local;
        }

        if (_listeners.TryGetValue((host.Index, endpoint.Address, endpoint.Port), out List<SimulatedSocket>? listeners)
            || (endpoint.IsIPv4 && _listeners.TryGetValue((host.Index, NetEndpoint.Tcp("0.0.0.0", 0).Address, endpoint.Port), out listeners))
            || _listeners.TryGetValue((host.Index, UInt128.Zero, endpoint.Port), out listeners))
        {
            return listeners[remote % listeners.Count];
        }

        return null;
    }

    public void Dispose() => Trace.Dispose();

    private SocketStatus CheckBindTcp(SimulatedHost host, in NetEndpoint endpoint, bool isShared)
    {
        if (!endpoint.IsAny && !endpoint.IsLoopback && endpoint.Address != host.Address.Address)
        {
            return SocketStatus.AddressNotAvailable;
        }

        return endpoint.Port != 0 && IsTaken(host, endpoint, isShared) ? SocketStatus.AddressInUse : SocketStatus.Ok;
    }

    private SocketStatus CheckBindUnix(SimulatedHost host, in NetEndpoint endpoint)
    {
        SocketStatus status = host.Files.CheckBind(endpoint.Path);
        if (status == SocketStatus.AddressInUse && ConnectUnix(host, host, endpoint, out SocketHandle probe) == SocketStatus.Ok)
        {
            // The Linux stack probes in this way whether a process listens. The listener sees a connection that is over.
            SimulatedSocket socket = host.Find(probe)!;
            host.Release(socket);
            socket.Close(reset: false);
        }

        return status;
    }

    private SocketStatus ConnectTcp(SimulatedHost host, in NetEndpoint remote, out SocketHandle handle)
    {
        // The unspecified address means this machine, and all of 127.0.0.0/8 is reached from 127.0.0.1.
        NetEndpoint loopback = remote.IsIPv4 ? Loopback4 : Loopback6;
        NetEndpoint actual = remote.IsAny ? loopback.WithPort(remote.Port) : remote;
        NetEndpoint source = actual.IsLoopback ? loopback : host.Address;
        SimulatedHost? target = HostOf(host, actual);
        var socket = new SimulatedTcpSocket(this, host, SocketState.Connecting) { Local = source.WithPort(NextPort()), Remote = actual };
        SetBuffers(socket);
        handle = host.Open(socket);
        if (target is not null)
        {
            new ConnectionAttempt(this, socket, target, LinkBetween(host, target), LinkBetween(target, host)).Begin();
        }

        return SocketStatus.InProgress;
    }

    private SocketStatus ConnectUnix(SimulatedHost host, SimulatedHost target, in NetEndpoint remote, out SocketHandle handle)
    {
        handle = SocketHandle.None;
        SocketStatus status = target.Files.FindListener(remote.Path, out SimulatedSocket? listener);
        if (listener is null)
        {
            return status;
        }

        if (listener.Waiting.Count > listener.Backlog)
        {
            return SocketStatus.WouldBlock;
        }

        // A client's socket has no name.
        var socket = new SimulatedUnixSocket(this, host, SocketState.Connecting) { Local = NetEndpoint.FromUnixPath(""), Remote = remote };
        var server = new SimulatedUnixSocket(this, target, SocketState.Connecting) { Local = remote, Remote = socket.Local };
        SetBuffers(socket);
        handle = host.Open(socket);
        Meet(socket, server, listener);
        socket.ConnectAt(Events.Now);
        return SocketStatus.Ok;
    }

    /// <summary>A connection attempt has reached its listener.</summary>
    public void Meet(SimulatedSocket client, SimulatedSocket server, SimulatedSocket listener)
    {
        SetBuffers(server);
        SimulatedSocket.Join(client, server, isLocal: listener.Local.Transport == TransportKind.Unix);
        listener.Waiting.Enqueue(server);
        listener.Touch();
    }

    private void SetBuffers(SimulatedSocket socket)
    {
        socket.SendBufferBytes = DefaultSendBufferBytes;
        socket.ReceiveBufferBytes = DefaultReceiveBufferBytes;
    }

    /// <summary>Default size of a socket's send buffer, in bytes.</summary>
    public int DefaultSendBufferBytes { get; set; } = 208 * 1024;

    /// <summary>Default size of a socket's receive buffer, in bytes.</summary>
    public int DefaultReceiveBufferBytes { get; set; } = 208 * 1024;

    private SimulatedHost? HostOf(SimulatedHost host, in NetEndpoint remote)
    {
        if (remote.IsLoopback)
        {
            return host.LoopbackHost;
        }

        foreach (SimulatedHost other in _hosts)
        {
            if (other.Address.Address == remote.Address)
            {
                return other;
            }
        }

        // No host has this address: segments to it are lost.
        return null;
    }

    private bool IsTaken(SimulatedHost host, in NetEndpoint endpoint, bool isShared = false)
    {
        foreach (((int owner, UInt128 address, int port), List<SimulatedSocket> sockets) in _listeners)
        {
            if (owner == host.Index
                && port == endpoint.Port
                && !(isShared && sockets[0].SharesPort)
                && (address == endpoint.Address || endpoint.IsAny || IsAny(address)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAny(UInt128 address) => address == UInt128.Zero || address == (UInt128)0xFFFF_0000_0000;

    private int FreePort(SimulatedHost host, in NetEndpoint endpoint)
    {
        int port;
        do
        {
            port = NextPort();
        }
        while (IsTaken(host, endpoint.WithPort(port)));
        return port;
    }

    private int NextPort()
    {
        int port = _nextPort;
        _nextPort = port == LastEphemeralPort ? FirstEphemeralPort : port + 1;
        return port;
    }
}
