namespace NetLoop.Simulation;

/// <content>Datagram sockets: who holds which port, and the way of each datagram.</content>
internal sealed partial class SimulatedNetwork
{
    private const ulong DatagramStream = 71;
    private const int MaxIdleDatagrams = 4_096;

    /// <summary>The MTU of Linux's loopback device.</summary>
    private const int LoopbackPacketBytes = 65_536;

    /// <summary>100.64.0.0, the addresses that carriers use for their own translation (RFC 6598).</summary>
    private const uint FirstOutsideAddress = 0x6440_0000;

    private readonly SeededRandom _datagramRandom;
    private readonly Dictionary<int, List<SimulatedDatagramSocket>> _datagramPorts = [];
    private readonly Dictionary<DatagramAddress, SimulatedHost> _translations = [];
    private readonly Stack<SimulatedDatagram> _idleDatagrams = new();
    private uint _outsideAddresses;

    /// <summary>Default size of the receive buffer of a datagram socket, in bytes.</summary>
    public int DefaultDatagramBufferBytes { get; set; } = 212_992;

    /// <summary>Maximum size of the receive buffer that a datagram socket may ask for, in bytes (net.core.rmem_max).</summary>
    public int MaxDatagramBufferBytes { get; set; } = 64 << 20;

    /// <summary>Called with every datagram that a host sends, before the network does anything to it.</summary>
    public Action<SimulatedDatagram>? OnSent { get; set; }

    /// <summary>Number of datagrams that a host has sent and that no socket has received, because they were lost or had no receiver.</summary>
    public long LostDatagrams { get; private set; }

    public SocketStatus OpenDatagram(
        SimulatedHost host, in NetEndpoint endpoint, bool isConnected, in DatagramSocketOptions options, out SocketHandle handle, out NetEndpoint local)
    {
        handle = SocketHandle.None;
        local = default;
        if (endpoint.Transport != TransportKind.Udp)
        {
            return SocketStatus.InvalidCall;
        }

        NetEndpoint loopback = endpoint.IsIPv4 ? Loopback4 : Loopback6;
        NetEndpoint remote = endpoint;
        if (isConnected)
        {
            remote = endpoint.IsAny ? loopback.WithPort(endpoint.Port).AsUdp() : endpoint;
            local = (remote.IsLoopback ? loopback : host.Address).WithPort(NextPort()).AsUdp();
        }
        else if (!endpoint.IsAny && !endpoint.IsLoopback && endpoint.Address != host.Address.Address)
        {
            return SocketStatus.AddressNotAvailable;
        }
        else if (endpoint.Port != 0 && IsDatagramPortTaken(host, endpoint, options.IsShared))
        {
            return SocketStatus.AddressInUse;
        }

        if (host.IsFull)
        {
            local = default;
            return SocketStatus.TooManyFiles;
        }

        local = isConnected ? local : endpoint;
        while (local.Port == 0 || IsDatagramPortTaken(host, local, options.IsShared))
        {
            local = local.WithPort(NextPort());
        }

        var socket = new SimulatedDatagramSocket(this, host)
        {
            Local = local,
            Bound = DatagramAddress.From(local),
            Remote = isConnected ? remote : default,
            Peers = isConnected ? DatagramAddress.From(remote) : default,
            IsUnfragmented = options.IsUnfragmented,
            SharesPort = options.IsShared,
            SendBufferBytes = options.SendBufferBytes > 0 ? 2 * options.SendBufferBytes : DefaultDatagramBufferBytes,
            ReceiveBufferBytes = ReceiveBufferFor(options.ReceiveBufferBytes),
        };
        handle = host.Open(socket);
        if (!_datagramPorts.TryGetValue(local.Port, out List<SimulatedDatagramSocket>? sockets))
        {
            _datagramPorts.Add(local.Port, sockets = []);
        }

        sockets.Add(socket);
        return SocketStatus.Ok;
    }

    /// <summary>Whether a socket of the host holds an endpoint. <c>[::]</c> holds a port in both families.</summary>
    public bool IsDatagramPortTaken(SimulatedHost host, in NetEndpoint endpoint, bool isShared = false)
    {
        if (_datagramPorts.TryGetValue(endpoint.Port, out List<SimulatedDatagramSocket>? sockets))
        {
            foreach (SimulatedDatagramSocket socket in sockets)
            {
                if (socket.Host == host && !(isShared && socket.SharesPort) && (Covers(socket.Local, endpoint) || Covers(endpoint, socket.Local)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a packet that must not be fragmented does not fit the way to its receiver.</summary>
    public bool IsTooLong(SimulatedHost host, in DatagramAddress to, int packetBytes) =>
        packetBytes > LoopbackPacketBytes || (HostOf(host, to) is { } target && LinkBetween(host, target).IsTooLong(packetBytes));

    /// <summary>Sends a datagram on its way.</summary>
    public void Transmit(SimulatedDatagramSocket sender, ReadOnlySpan<byte> bytes, in DatagramAddress to)
    {
        SimulatedHost host = sender.Host;
        SimulatedHost? target = HostOf(host, to);
        SimulatedDatagram datagram = Rent(host);
        datagram.Fill(bytes);
        datagram.To = to;
        datagram.From = SourceOf(sender, to, target);
        datagram.Sender = sender;
        OnSent?.Invoke(datagram);
        if (target is null)
        {
            Lose(datagram);
            return;
        }

        Link link = LinkBetween(host, target);
        if (sender.IsConnected && Faults.Hits(FaultClass.DatagramRefused))
        {
            sender.RefuseAfter(1_000_000);
        }

        Copy(datagram, link);
        Spoil(datagram);
        Dispatch(datagram, link.DelayOfDatagram(datagram.PacketBytes, host.Now));
    }

    /// <summary>Puts a datagram into the network as an attacker does, from any address.</summary>
    /// <param name="origin">The host of the attacker, whose link it takes.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="from">The address that it claims to come from.</param>
    /// <param name="to">The receiver.</param>
    public void Inject(SimulatedHost origin, ReadOnlySpan<byte> bytes, in DatagramAddress from, in DatagramAddress to)
    {
        SimulatedDatagram datagram = Rent(origin);
        datagram.Fill(bytes);
        datagram.From = from;
        datagram.To = to;
        SimulatedHost? target = HostOf(origin, to);
        Dispatch(datagram, target is null ? NetLoop.Simulation.Link.Never : LinkBetween(origin, target).DelayOfDatagram(datagram.PacketBytes, origin.Now));
    }

    /// <summary>A datagram has reached its receiver's host.</summary>
    public void Arrive(SimulatedDatagram datagram)
    {
        SimulatedHost? target = HostOf(datagram.Origin, datagram.To);
        if (target is not { IsUp: true })
        {
            Lose(datagram);
            return;
        }

        SimulatedDatagramSocket? receiver = FindReceiver(datagram, target);
        Trace.Event(TraceCode.Datagram, target.Index, receiver?.Handle ?? -1, datagram.Length);
        if (receiver is null)
        {
            SimulatedDatagramSocket? sender = datagram.Sender;
            if (sender is { IsClosed: false } && sender.Peers == datagram.To)
            {
                sender.RefuseAfter(DelayBack(target, sender.Host));
            }

            Lose(datagram);
        }
        else if (!receiver.TryEnqueue(datagram))
        {
            Lose(datagram);
        }
    }

    /// <summary>Takes back a datagram that nobody needs any more.</summary>
    public void Recycle(SimulatedDatagram owned)
    {
        owned.Sender = null;
        if (_idleDatagrams.Count < MaxIdleDatagrams)
        {
            _idleDatagrams.Push(owned);
        }
    }

    /// <summary>The router in front of a host, which is created if there is none.</summary>
    public AddressTranslation TranslationOf(SimulatedHost host) => host.Translation ??= new AddressTranslation(this, host);

    /// <summary>Registers a new outside address of a host.</summary>
    public DatagramAddress AddTranslation(UInt128 address, SimulatedHost host)
    {
        DatagramAddress outside;
        do
        {
            outside = new DatagramAddress(address, (ushort)NextPort());
        }
        while (_translations.ContainsKey(outside) || _datagramPorts.ContainsKey(outside.Port));
        _translations.Add(outside, host);
        return outside;
    }

    public void RemoveTranslation(in DatagramAddress outside) => _translations.Remove(outside);

    /// <summary>The next address that a router can have outside.</summary>
    public UInt128 NextOutsideAddress() => NetEndpoint.FromIPv4(FirstOutsideAddress + ++_outsideAddresses, 0).Address;

    private static bool Covers(in NetEndpoint wide, in NetEndpoint narrow) =>
        wide.Address == narrow.Address || (wide.IsAny && (wide.IsIPv6 || narrow.IsIPv4));

    private int ReceiveBufferFor(int requested)
    {
        // Linux doubles the value for its own bookkeeping.
        const int SmallestBytes = 2_304;
        return requested <= 0 ? DefaultDatagramBufferBytes : (int)Math.Max(SmallestBytes, 2L * Math.Min(requested, MaxDatagramBufferBytes));
    }

    private void Release(SimulatedDatagramSocket socket)
    {
        List<SimulatedDatagramSocket> sockets = _datagramPorts[socket.Bound.Port];
        sockets.Remove(socket);
        if (sockets.Count == 0)
        {
            _datagramPorts.Remove(socket.Bound.Port);
        }
    }

    private SimulatedDatagram Rent(SimulatedHost origin)
    {
        if (!_idleDatagrams.TryPop(out SimulatedDatagram? datagram))
        {
            return new SimulatedDatagram(this) { Origin = origin };
        }

        datagram.Origin = origin;
        return datagram;
    }

    private void Lose(SimulatedDatagram owned)
    {
        LostDatagrams++;
        Recycle(owned);
    }

    private static DatagramAddress SourceOf(SimulatedDatagramSocket sender, in DatagramAddress to, SimulatedHost? target)
    {
        NetEndpoint loopback = to.IsIPv4 ? Loopback4 : Loopback6;
        UInt128 address = !sender.Local.IsAny ? sender.Bound.Address
            : to.ToEndpoint().IsLoopback ? loopback.Address
            : sender.Host.Address.Address;
        DatagramAddress inside = new(address, sender.Bound.Port);
        return sender.Host.Translation is { } translation && target != sender.Host ? translation.ToOutside(inside) : inside;
    }

    /// <summary>The host at an address; null if there is none, or if its router does not know the address any more.</summary>
    private SimulatedHost? HostOf(SimulatedHost from, in DatagramAddress to)
    {
        if (_translations.TryGetValue(to, out SimulatedHost? translated))
        {
            return translated;
        }

        SimulatedHost? host;
        if (to.ToEndpoint().IsLoopback)
        {
            host = FindSocket(to, default, from.LoopbackHost, isLoopback: true)?.Host ?? from.LoopbackHost;
        }
        else
        {
            // The number of a host is the end of its address.
            int index = (int)((uint)to.Address & 0xFF_FFFF) - 1;
            host = index >= 0 && index < _hosts.Count && _hosts[index].Address.Address == to.Address ? _hosts[index] : null;
        }

        return host is { Translation: not null } && host != from ? null : host;
    }

    private SimulatedDatagramSocket? FindReceiver(SimulatedDatagram datagram, SimulatedHost target)
    {
        DatagramAddress to = datagram.To;
        if (_translations.ContainsKey(to))
        {
            to = target.Translation!.ToInside(to);
        }

        bool isLoopback = to.ToEndpoint().IsLoopback;
        return FindSocket(to, datagram.From, isLoopback ? target.LoopbackHost : target, isLoopback);
    }

    /// <summary>The socket at an address: one that is connected to the sender before one that is bound to the address, before one that is not.</summary>
    /// <param name="to">The address.</param>
    /// <param name="from">The sender; the default value for any.</param>
    /// <param name="host">The host, or the one whose loopback addresses are meant: its clients share them.</param>
    /// <param name="isLoopback">Whether it is a loopback address.</param>
    private SimulatedDatagramSocket? FindSocket(in DatagramAddress to, in DatagramAddress from, SimulatedHost host, bool isLoopback)
    {
        const int ForPeer = 8;
        const int ForAddress = 4;
        const int ForFamily = 2;
        SimulatedDatagramSocket? best = null;
        int bestScore = 0;
        int sharing = 0;
        if (!_datagramPorts.TryGetValue(to.Port, out List<SimulatedDatagramSocket>? sockets))
        {
            return null;
        }

        foreach (SimulatedDatagramSocket socket in sockets)
        {
            bool isThere = isLoopback ? socket.Host.LoopbackHost == host : socket.Host == host;
            if (!isThere || !Covers(socket.Local, to.ToEndpoint()) || (socket.IsConnected && from != default && socket.Peers != from))
            {
                continue;
            }

            int score = 1 + (socket.IsConnected ? ForPeer : 0) + (socket.Local.IsAny ? 0 : ForAddress) + (socket.Local.IsIPv4 == to.IsIPv4 ? ForFamily : 0);
            if (score == bestScore && socket.SharesPort)
            {
                sharing++;
            }
            else if (score > bestScore)
            {
                best = socket;
                bestScore = score;
                sharing = 1;
            }
        }

        return sharing > 1 ? Choose(sockets, best!, from, sharing) : best;
    }

    /// <summary>The one of several sockets on a port that gets the datagrams of a sender.</summary>
    private static SimulatedDatagramSocket Choose(List<SimulatedDatagramSocket> sockets, SimulatedDatagramSocket best, in DatagramAddress from, int sharing)
    {
        // Neighbouring ports reach different sockets: a small world uses all of them.
        int skip = (int)(((uint)from.Address + from.Port) % (uint)sharing);
        foreach (SimulatedDatagramSocket socket in sockets)
        {
            if (socket.SharesPort && socket.Host == best.Host && socket.Bound == best.Bound && skip-- == 0)
            {
                return socket;
            }
        }

        return best;
    }

    /// <summary>Duplicates, replays and forgeries take their own time.</summary>
    private void Copy(SimulatedDatagram datagram, Link link)
    {
        if (link.IsDuplicated())
        {
            Dispatch(Clone(datagram), link.DelayOfDatagram(datagram.PacketBytes, datagram.Origin.Now));
        }

        if (Faults.Hits(FaultClass.DatagramReplayed))
        {
            Dispatch(Clone(datagram), Faults.StreamOf(FaultClass.DatagramReplayed).Between(1_000_000L, 10_000_000_000L));
        }

        if (Faults.Hits(FaultClass.DatagramSpoofed))
        {
            SeededRandom stream = Faults.StreamOf(FaultClass.DatagramSpoofed);
            SimulatedDatagram forged = Clone(datagram);
            if (forged.Length == 0 || stream.Chance(0.5))
            {
                forged.From = new DatagramAddress(forged.From.Address, (ushort)stream.Between(1_024, 65_535));
            }
            else
            {
                // The beginning of a packet has its type and number.
                forged.Bytes[stream.Next(Math.Min(forged.Length, stream.Chance(0.5) ? 10 : forged.Length))] ^= (byte)stream.Between(1, 255);
            }

            Dispatch(forged, stream.Between(1L, 200_000_000L));
        }
    }

    private void Spoil(SimulatedDatagram datagram)
    {
        if (datagram.Length == 0)
        {
            return;
        }

        if (Faults.Hits(FaultClass.DatagramCorrupted))
        {
            SeededRandom stream = Faults.StreamOf(FaultClass.DatagramCorrupted);
            for (int count = stream.Between(1, 3); count > 0; count--)
            {
                datagram.Bytes[stream.Next(datagram.Length)] ^= (byte)(1 << stream.Next(8));
            }
        }

        if (Faults.Hits(FaultClass.DatagramTruncated))
        {
            datagram.Truncate(Faults.StreamOf(FaultClass.DatagramTruncated).Next(datagram.Length));
        }
    }

    private SimulatedDatagram Clone(SimulatedDatagram datagram)
    {
        SimulatedDatagram clone = Rent(datagram.Origin);
        clone.Fill(datagram.Bytes);
        clone.From = datagram.From;
        clone.To = datagram.To;
        return clone;
    }

    private void Dispatch(SimulatedDatagram owned, long delay)
    {
        if (delay == NetLoop.Simulation.Link.Never)
        {
            Lose(owned);
        }
        else if (delay == 0)
        {
            Arrive(owned);
        }
        else
        {
            Events.Schedule(owned.Origin.Now + delay, owned, 0);
        }
    }

    private long DelayBack(SimulatedHost from, SimulatedHost to)
    {
        long arrival = LinkBetween(from, to).ArrivalOfControl(Events.Now);
        return arrival == NetLoop.Simulation.Link.Never ? arrival : arrival - Events.Now;
    }
}
