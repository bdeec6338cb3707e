namespace NetLoop.Transports.Datagrams;

/// <summary>A UDP socket on a loop: receives and sends in batches.</summary>
/// <remarks>Thread: loop. Datagrams that the kernel does not take are lost, as on any network; the links send again what must arrive.</remarks>
internal abstract class UdpSocket(DatagramLoop loop) : ISocketEntry, IBatchedSender
{
    /// <summary>Time between two readings of the kernel's count of dropped datagrams, which is a system call. Nanoseconds.</summary>
    private const long CountInterval = 1_000_000_000;

    private PolledSocket _socket = new();
    private long _nextCount;
    private uint _dropped;
    private bool _isReceiving;
    private bool _isUnsent;

    /// <summary>Whether the kernel has no room for another datagram.</summary>
    public bool IsBlocked { get; private set; }

    public bool IsOpen => _socket.Handle != SocketHandle.None;

    protected DatagramLoop Loop => loop;

    protected ConnectionSet Set => loop.Set;

    protected DatagramCounters Counters => loop.Set.Counters.Datagrams;

    /// <summary>Now, in nanoseconds of peer time.</summary>
    protected long Now => loop.Set.Clock.PeerTime;

    /// <summary>Serves a socket that the stack opened.</summary>
    /// <returns>Ok; otherwise the poller failed, and the socket is closed.</returns>
    public SocketStatus Register(SocketHandle ownedSocket)
    {
        SocketStatus status = _socket.Register(Set, this, ownedSocket, Interest.Readable);
        if (status != SocketStatus.Ok)
        {
            Set.Stack.Close(ownedSocket, reset: false);
        }

        return status;
    }

    public void OnReady(Readiness readiness)
    {
        if ((readiness & Readiness.Writable) != 0)
        {
            // Once more if the kernel had no memory for it before: otherwise the poller would report it in every wait.
            _socket.SetInterest(Set, Interest.Readable);
            if (IsBlocked)
            {
                IsBlocked = false;
                OnWritable();
            }
        }

        if ((readiness & (Readiness.Readable | Readiness.Failed)) != 0)
        {
            Receive();
        }
    }

    /// <summary>Receives what waits, in a limited number of calls.</summary>
    public void Receive()
    {
        if (_isReceiving || !IsOpen)
        {
            return;
        }

        _isReceiving = true;
        for (int call = 0; call < IterationBudget.MaxReceives && IsOpen; call++)
        {
            SocketResult result = Set.Stack.ReceiveDatagrams(_socket.Handle, loop.Received, loop.Incoming);
            if (result.Status != SocketStatus.Ok)
            {
                if (result.Status is SocketStatus.ConnectionRefused or SocketStatus.ConnectionReset)
                {
                    OnRefused();
                    continue;
                }

                break;
            }

            long bytes = 0;
            for (int i = 0; i < result.Count; i++)
            {
                ref readonly IncomingDatagram datagram = ref loop.Incoming[i];
                bytes += datagram.Length;
                if (!datagram.IsTruncated && datagram.Length > 0)
                {
                    OnDatagram(datagram.From, loop.Received.Slice(datagram.Start, datagram.Length));
                }
                else
                {
                    Reject(PacketRejection.Malformed);
                }
            }

            Counters.PacketsIn += result.Count;
            Counters.BytesIn += bytes;
            Set.Counters.BytesIn += bytes;

            if (result.Count < loop.Incoming.Length)
            {
                break;
            }
        }

        _isReceiving = false;
        if (IsOpen && Now >= _nextCount)
        {
            CountDropped();
        }
    }

    /// <summary>Memory for one datagram; empty while the kernel has no room.</summary>
    public Span<byte> BeginDatagram() => IsBlocked || !IsOpen ? default : loop.BeginDatagram(this);

    /// <summary>Adds the datagram that was begun last to the batch.</summary>
    public void CommitDatagram(int start, int length, in DatagramAddress to)
    {
        loop.CommitDatagram(start, length, to);
        if (!_isUnsent)
        {
            _isUnsent = true;
            Set.MarkUnsent(this);
        }
    }

    /// <summary>Sends the datagrams of the batch.</summary>
    public void SendBatch()
    {
        _isUnsent = false;
        if (loop.Sender != this)
        {
            return;
        }

        ReadOnlySpan<OutgoingDatagram> rest = loop.Batch;
        while (!rest.IsEmpty && IsOpen)
        {
            SocketResult result = Set.Stack.SendDatagrams(_socket.Handle, rest);
            if (result.Status == SocketStatus.Ok)
            {
                long bytes = 0;
                foreach (ref readonly OutgoingDatagram datagram in rest[..result.Count])
                {
                    bytes += datagram.Bytes.Bytes.Length;
                }

                Counters.PacketsOut += result.Count;
                Counters.BytesOut += bytes;
                Set.Counters.BytesOut += bytes;
                rest = rest[result.Count..];
            }
            else if (result.Status == SocketStatus.WouldBlock)
            {
                // If the kernel has no memory to watch for room, the next flush finds out.
                IsBlocked = _socket.SetInterest(Set, Interest.Readable | Interest.Writable) == SocketStatus.Ok;
                break;
            }
            else if (result.Status != SocketStatus.Interrupted)
            {
                if (result.Status == SocketStatus.ConnectionRefused)
                {
                    OnRefused();
                }

                rest = rest[1..];
            }
        }

        loop.ClearBatch();
    }

    /// <summary>Closes the socket; what is in the batch is sent first.</summary>
    public void Close()
    {
        if (IsOpen)
        {
            SendBatch();
            CountDropped();
            _socket.Unregister(Set, reset: false);
        }
    }

    /// <summary>Counts a packet that was dropped.</summary>
    protected void Reject(PacketRejection reason) => Counters.Rejected[(int)reason]++;

    /// <summary>Sends a packet that is written already.</summary>
    protected void SendPacket(in DatagramAddress to, ReadOnlySpan<byte> packet)
    {
        Span<byte> memory = BeginDatagram();
        if (!memory.IsEmpty)
        {
            packet.CopyTo(memory);
            CommitDatagram(0, packet.Length, to);
        }
    }

    /// <summary>Number of servers that a client tries; 1 on a server.</summary>
    public virtual int ServerCount => 1;

    /// <summary>Lets a connection that could not be opened begin again with the next server.</summary>
    /// <returns>False if there is none.</returns>
    public virtual bool TryNextServer(DatagramConnection connection) => false;

    /// <summary>Returns why no server may have answered; null if nothing is known.</summary>
    public virtual string? ExplainSilence() => null;

    /// <summary>Sends the keep-alive of a connection.</summary>
    public abstract void SendKeepAlive(DatagramConnection connection);

    /// <summary>Ends a connection for the other side too.</summary>
    public abstract void Disconnect(DatagramConnection connection);

    /// <summary>Called when a connection is destroyed.</summary>
    public abstract void Forget(DatagramConnection connection);

    /// <summary>A datagram arrived; it may be changed in place.</summary>
    protected abstract void OnDatagram(in DatagramAddress from, Span<byte> datagram);

    /// <summary>The other side's machine said that its port is closed. Only for connected sockets.</summary>
    protected virtual void OnRefused()
    {
    }

    /// <summary>The kernel has room again.</summary>
    protected abstract void OnWritable();

    // The kernel's count has 32 bits and may wrap around.
    private void CountDropped()
    {
        uint dropped = (uint)Set.Stack.CountDroppedDatagrams(_socket.Handle);
        Counters.PacketsDropped += dropped - _dropped;
        _dropped = dropped;
        _nextCount = Now + CountInterval;
    }
}
