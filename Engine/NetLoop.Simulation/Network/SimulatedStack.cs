using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>The operating system of one simulated host. Every call may fail according to the simulation's plan of faults.</summary>
internal sealed partial class SimulatedStack(SimulatedHost host) : INetworkStack
{
    private readonly SimulatedNetwork _network = host.Network;

    public string Name => "simulated";

    public int MaxSockets => host.MaxSockets;

    public int CountOpenDescriptors() => host.OpenDescriptors;

    public int DescriptorsLeft(SocketHandle newest) => host.MaxSockets - 1 - newest.Value;

    public bool CanShareSockets => host.Threads is not null;

    private FaultPlan Faults => _network.Faults;

    public IPoller CreatePoller(PollerKind kind)
    {
        if (kind != PollerKind.Auto)
        {
            throw new PlatformNotSupportedException($"The simulated stack has no {kind} poller: choose {PollerKind.Auto}.");
        }

        return Faults.Hits(FaultClass.PollerNoDescriptors)
            ? throw new IOException("No descriptor for the poller: TooManyFiles.")
            : new SimulatedPoller(_network, host);
    }

    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        host.Charge();
        SocketStatus status = _network.Listen(host, endpoint, backlog, out listener, out bound);
        _network.Trace.Event(TraceCode.Listen, host.Index, listener.Value, (long)status);
        return status;
    }

    public SocketStatus ListenShared(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        host.Charge();
        SocketStatus status = _network.Listen(host, endpoint, backlog, out listener, out bound, isShared: true);
        _network.Trace.Event(TraceCode.Listen, host.Index, listener.Value, (long)status);
        return status;
    }

    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote)
    {
        host.Charge();
        SimulatedSocket existing = Existing(listener);
        SocketStatus status = AcceptOne(existing, out socket, out remote);
        if (status == SocketStatus.Ok)
        {
            existing.Poller?.InputCalls += 1;
        }

        _network.Trace.Event(TraceCode.Accept, host.Index, socket.Value, (long)status);
        return status;
    }

    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket)
    {
        host.Charge();
        SocketStatus status = ConnectOne(remote, out socket);
        _network.Trace.Event(TraceCode.Connect, host.Index, socket.Value, (long)status);
        return status;
    }

    public SocketStatus FinishConnect(SocketHandle socket)
    {
        host.Charge();
        return Existing(socket).FinishConnect();
    }

    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options)
    {
        host.Charge();
        SimulatedSocket existing = Existing(socket);
        existing.KeepAlive = options.KeepAlive;
        existing.UserTimeout = options.UserTimeout.Ticks * 100;
        if (options.SendBufferBytes > 0)
        {
            existing.SendBufferBytes = Math.Max(options.SendBufferBytes, 2048);
        }

        if (options.ReceiveBufferBytes > 0)
        {
            existing.ReceiveBufferBytes = Math.Max(options.ReceiveBufferBytes, 1024);
        }

        return SocketStatus.Ok;
    }

    public SocketResult Receive(SocketHandle socket, Span<byte> buffer)
    {
        host.Charge();
        Invariant.Holds(buffer.Length > 0);
        long mark = _network.MarkAllocations();
        SimulatedSocket existing = Existing(socket);
        existing.Poller?.InputCalls += 1;
        SocketResult result = ReceiveSome(existing, buffer);
        host.BytesReceived += result.Status == SocketStatus.Ok ? result.Count : 0;
        _network.AddAllocations(mark);
        _network.Trace.Event(TraceCode.Receive, host.Index, socket.Value, ((long)result.Status << 32) | (uint)result.Count);
        return result;
    }

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        host.Charge();
        Invariant.Holds(segments.Length is > 0 and <= SendSegment.MaxPerSend);
        long mark = _network.MarkAllocations();
        SocketResult result = SendSome(Existing(socket), segments);
        host.BytesSent += result.Status == SocketStatus.Ok ? result.Count : 0;
        _network.AddAllocations(mark);
        _network.Trace.Event(TraceCode.Send, host.Index, socket.Value, ((long)result.Status << 32) | (uint)result.Count);
        return result;
    }

    public SocketStatus ShutdownSend(SocketHandle socket)
    {
        host.Charge();
        SocketStatus status = Existing(socket).ShutdownSend();
        _network.Trace.Event(TraceCode.Shutdown, host.Index, socket.Value, (long)status);
        return status;
    }

    public void Close(SocketHandle socket, bool reset)
    {
        host.Charge();
        SimulatedSocket existing = Existing(socket);
        if (existing.Poller is { } poller && !_network.IsSelfDriven)
        {
            Invariant.Fail($"socket {socket.Value} of {host.Name} is closed while registered with a poller of {poller.Count} sockets");
        }

        existing.Poller?.Forget(existing);
        _network.Trace.Event(TraceCode.Close, host.Index, socket.Value, reset ? 1 : 0);
        _network.Unbind(existing);
        host.Release(existing);
        existing.Close(reset);
    }

    public void RemoveUnixPath(in NetEndpoint endpoint)
    {
        if (endpoint.Transport == TransportKind.Unix)
        {
            host.Files.RemoveOurs(endpoint.Path);
        }
    }

    public string? FindHolder(in NetEndpoint endpoint)
    {
        bool isHeld = endpoint.Transport == TransportKind.Udp
            ? _network.IsDatagramPortTaken(host, endpoint)
            : _network.FindListener(host, endpoint) is not null;
        return isHeld ? $"simulated host {host.Name}" : null;
    }

    private SocketStatus AcceptOne(SimulatedSocket listener, out SocketHandle socket, out NetEndpoint remote)
    {
        socket = SocketHandle.None;
        remote = default;
        if (listener.State != SocketState.Listening)
        {
            return SocketStatus.InvalidCall;
        }

        if (Faults.Hits(FaultClass.AcceptInterrupted))
        {
            return SocketStatus.Interrupted;
        }

        if (Faults.Hits(FaultClass.AcceptTooManyFiles) || host.IsFull)
        {
            return SocketStatus.TooManyFiles;
        }

        if (Faults.Hits(FaultClass.AcceptNoBuffers))
        {
            return SocketStatus.NoBuffers;
        }

        if (!listener.Waiting.TryDequeue(out SimulatedSocket? accepted))
        {
            return SocketStatus.WouldBlock;
        }

        if (Faults.Hits(FaultClass.AcceptAborted))
        {
            accepted.Close(reset: true);
            return SocketStatus.ConnectionAborted;
        }

        if (Faults.Hits(FaultClass.AcceptDenied))
        {
            accepted.Close(reset: true);
            return SocketStatus.AccessDenied;
        }

        socket = host.Open(accepted);
        remote = accepted.Remote;
        return SocketStatus.Ok;
    }

    private SocketStatus ConnectOne(in NetEndpoint remote, out SocketHandle socket)
    {
        socket = SocketHandle.None;
        if (Faults.Hits(FaultClass.ConnectNoAddress))
        {
            return SocketStatus.AddressNotAvailable;
        }

        if (Faults.Hits(FaultClass.ConnectUnreachable))
        {
            return SocketStatus.Unreachable;
        }

        SocketStatus status = _network.Connect(host, remote, out socket);
        if (status == SocketStatus.InProgress)
        {
            FailLater(Existing(socket));
        }

        return status;
    }

    /// <summary>Faults that a non-blocking connect reports after it has started.</summary>
    private void FailLater(SimulatedSocket socket)
    {
        long now = host.Now;
        if (Faults.Hits(FaultClass.ConnectRefused))
        {
            socket.FailConnectAt(now + 1_000_000, SocketStatus.ConnectionRefused);
        }
        else if (Faults.Hits(FaultClass.ConnectReset))
        {
            socket.FailConnectAt(now + 1_000_000, SocketStatus.ConnectionReset);
        }
        else if (Faults.Hits(FaultClass.ConnectFailsLater))
        {
            socket.FailConnectAt(now + 1_000_000_000, SocketStatus.Unreachable);
        }
        else if (Faults.Hits(FaultClass.ConnectTimedOut))
        {
            socket.FailConnectAt(now + 3_000_000_000, SocketStatus.TimedOut);
        }
    }

    private SocketResult ReceiveSome(SimulatedSocket socket, Span<byte> buffer)
    {
        if (Faults.Hits(FaultClass.ReceiveInterrupted))
        {
            return new SocketResult(SocketStatus.Interrupted, 0);
        }

        if (socket.State == SocketState.Connected)
        {
            if (Faults.Hits(FaultClass.ReceiveWouldBlock))
            {
                return new SocketResult(SocketStatus.WouldBlock, 0);
            }

            if (Faults.Hits(FaultClass.ReceiveReset))
            {
                socket.Lose(SocketStatus.ConnectionReset);
                return new SocketResult(SocketStatus.ConnectionReset, 0);
            }

            if (Faults.Hits(FaultClass.ReceiveTimedOut))
            {
                socket.LoseSilently(SocketStatus.TimedOut);
                return new SocketResult(SocketStatus.TimedOut, 0);
            }

            if (buffer.Length > 1 && socket.Unread > 1 && Faults.Hits(FaultClass.ReceivePartial))
            {
                buffer = buffer[..(1 + Faults.StreamOf(FaultClass.ReceivePartial).Next(Math.Min(buffer.Length, socket.Unread)))];
            }
        }

        return socket.Receive(buffer);
    }

    private SocketResult SendSome(SimulatedSocket socket, ReadOnlySpan<SendSegment> segments)
    {
        if (Faults.Hits(FaultClass.SendInterrupted))
        {
            return new SocketResult(SocketStatus.Interrupted, 0);
        }

        int most = int.MaxValue;
        if (socket.State == SocketState.Connected)
        {
            if (Faults.Hits(FaultClass.SendWouldBlock))
            {
                return new SocketResult(SocketStatus.WouldBlock, 0);
            }

            if (Faults.Hits(FaultClass.SendNoBuffers))
            {
                return new SocketResult(SocketStatus.NoBuffers, 0);
            }

            if (Faults.Hits(FaultClass.SendBrokenPipe))
            {
                socket.Lose(SocketStatus.BrokenPipe);
                return new SocketResult(SocketStatus.BrokenPipe, 0);
            }

            if (Faults.Hits(FaultClass.SendReset))
            {
                socket.Lose(SocketStatus.ConnectionReset);
                return new SocketResult(SocketStatus.ConnectionReset, 0);
            }

            if (Faults.Hits(FaultClass.SendPartial))
            {
                most = 1 + Faults.StreamOf(FaultClass.SendPartial).Next(64);
            }
        }

        return socket.Send(segments, most);
    }

    /// <summary>The engine must not use a closed socket: on a real system its number may belong to another one.</summary>
    private SimulatedSocket Existing(SocketHandle handle)
    {
        SimulatedSocket? socket = host.Find(handle);
        if (socket is null)
        {
            Invariant.Fail($"a call names socket {handle.Value} of {host.Name}, which is not open");
        }

        socket.UnservedReports = 0;
        socket.Looks++;
        return socket;
    }
}
