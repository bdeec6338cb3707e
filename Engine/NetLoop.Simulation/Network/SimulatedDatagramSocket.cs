using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>A UDP socket, bound or connected.</summary>
/// <remarks>Source: udp.c and datagram.c of Linux.</remarks>
internal sealed class SimulatedDatagramSocket(SimulatedNetwork network, SimulatedHost host) : SimulatedSocket(network, host, SocketState.Datagram)
{
    /// <summary>Room for one datagram in a receive buffer, as in the stack for Linux; the rest of a longer one is lost.</summary>
    public const int SlotBytes = 2_048;

    private const int EventRoom = FirstOwnEvent;
    private const int EventRefused = FirstOwnEvent + 1;

    private readonly Queue<SimulatedDatagram> _received = new();
    private long _memory;
    private long _fullUntil;

    /// <summary>Whether it exchanges datagrams with one peer only.</summary>
    public bool IsConnected => Peers != default;

    /// <summary>The peer of a connected socket; otherwise the default value.</summary>
    public DatagramAddress Peers { get; init; }

    /// <summary>The address that it is bound to.</summary>
    public DatagramAddress Bound { get; init; }

    /// <summary>Whether datagrams that do not fit the path are refused instead of fragmented.</summary>
    public bool IsUnfragmented { get; init; }

    /// <summary>Number of datagrams that did not fit into the receive buffer.</summary>
    public long Dropped { get; private set; }

    /// <summary>Number of datagrams that wait.</summary>
    public int Count => _received.Count;

    /// <summary>The length of the datagram that is read next, as FIONREAD returns it.</summary>
    public override int Unread => _received.TryPeek(out SimulatedDatagram? next) ? next.Length : 0;

    /// <summary>Whether the send buffer is full.</summary>
    public bool IsFull => Host.Now < _fullUntil;

    /// <summary>Receives the error of earlier sends, or as many datagrams as there is room for.</summary>
    /// <param name="buffer">Receives their contents, each at the beginning of a slot.</param>
    /// <param name="datagrams">Receives one item for each.</param>
    /// <param name="bytes">Number of bytes received.</param>
    public SocketResult ReceiveDatagrams(Span<byte> buffer, Span<IncomingDatagram> datagrams, out int bytes)
    {
        bytes = 0;
        if (TakeError(out SocketStatus error))
        {
            return new SocketResult(error, 0);
        }

        int count = 0;
        int slots = Math.Max(1, buffer.Length / SlotBytes);
        while (count < Math.Min(slots, datagrams.Length) && _received.TryDequeue(out SimulatedDatagram? next))
        {
            int start = count * SlotBytes;
            int length = Math.Min(next.Length, Math.Min(SlotBytes, buffer.Length - start));
            next.Bytes[..length].CopyTo(buffer[start..]);
            datagrams[count++] = new IncomingDatagram(start, length, length < next.Length, next.From);
            bytes += length;
            _memory -= next.MemoryBytes;
            Network.Recycle(next);
        }

        return count > 0 ? new SocketResult(SocketStatus.Ok, count) : new SocketResult(SocketStatus.WouldBlock, 0);
    }

    /// <summary>Takes the error that an earlier datagram caused.</summary>
    public bool TakeSendError(out SocketStatus error) => TakeError(out error);

    /// <summary>Puts an arrived datagram into the receive buffer.</summary>
    /// <returns>False if there is no room; the datagram is lost.</returns>
    public bool TryEnqueue(SimulatedDatagram owned)
    {
        bool isFull = _memory > 0 && _memory + owned.MemoryBytes > ReceiveBufferBytes;
        if (isFull || Network.Faults.Hits(FaultClass.DatagramOverflow))
        {
            Dropped++;
            return false;
        }

        _memory += owned.MemoryBytes;
        _received.Enqueue(owned);
        Touch();
        return true;
    }

    /// <summary>The send buffer is full for a while.</summary>
    public void FillUntil(long time)
    {
        _fullUntil = time;
        Network.Events.Schedule(time, this, EventRoom);
    }

    /// <summary>The machine of the peer says that its port is closed. Only a connected socket learns of it.</summary>
    /// <param name="after">Nanoseconds from now.</param>
    public void RefuseAfter(long after)
    {
        if (!IsConnected || after == Link.Never)
        {
            return;
        }

        if (after == 0)
        {
            OnOwnEvent(EventRefused, 0);
        }
        else
        {
            Network.Events.Schedule(Network.Events.Now + after, this, EventRefused);
        }
    }

    public override SocketResult Receive(Span<byte> buffer) => new(SocketStatus.InvalidCall, 0);

    public override SocketResult Send(ReadOnlySpan<SendSegment> segments, int most) => new(SocketStatus.InvalidCall, 0);

    public override SocketStatus ShutdownSend() => SocketStatus.InvalidCall;

    public override SocketStatus FinishConnect() => SocketStatus.InvalidCall;

    public override Readiness CurrentReadiness()
    {
        Readiness readiness = IsFull ? Readiness.None : Readiness.Writable;
        readiness |= Count > 0 ? Readiness.Readable : Readiness.None;
        return HasError ? readiness | Readiness.Failed | Readiness.Readable : readiness;
    }

    protected override void Disconnect(bool reset) => Forget();

    protected override void Forget()
    {
        while (_received.TryDequeue(out SimulatedDatagram? datagram))
        {
            Network.Recycle(datagram);
        }

        _memory = 0;
    }

    protected override void Abandon() => Invariant.Fail("a datagram socket has no listener");

    protected override void Refuse(SimulatedSocket writer) => Invariant.Fail("a datagram socket has no stream");

    protected override SocketStatus? StatusOfReset() => null;

    protected override void OnOwnEvent(int kind, long argument)
    {
        if (IsClosed)
        {
            return;
        }

        if (kind == EventRefused)
        {
            SetError(SocketStatus.ConnectionRefused);
        }
        else
        {
            Touch();
        }
    }
}
