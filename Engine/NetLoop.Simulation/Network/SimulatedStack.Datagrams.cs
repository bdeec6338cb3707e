using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <content>Datagram sockets.</content>
internal sealed partial class SimulatedStack
{
    private const int MaxBytesOverIPv4 = 65_507;
    private const int MaxBytesOverIPv6 = 65_527;
    private const int MostFullMilliseconds = 20;
    private const uint Broadcast = 0xFFFF_FFFF;

    /// <summary>Bytes: a shorter packet passes every path.</summary>
    private const int PassesEverywhere = 576;

    public int MinDatagramBufferBytes => SimulatedDatagramSocket.SlotBytes;

    public SocketStatus OpenDatagram(
        in NetEndpoint endpoint, bool isConnected, in DatagramSocketOptions options, out SocketHandle socket, out NetEndpoint local)
    {
        host.Charge();
        SocketStatus status = _network.OpenDatagram(host, endpoint, isConnected, options, out socket, out local);
        _network.Trace.Event(isConnected ? TraceCode.Connect : TraceCode.Listen, host.Index, socket.Value, (long)status);
        return status;
    }

    public SocketResult ReceiveDatagrams(SocketHandle socket, Span<byte> buffer, Span<IncomingDatagram> datagrams)
    {
        host.Charge();
        Invariant.Holds(datagrams.Length > 0);
        long mark = _network.MarkAllocations();
        SimulatedDatagramSocket existing = ExistingDatagram(socket);
        existing.Poller?.InputCalls += 1;
        SocketResult result = ReceiveMany(existing, buffer, datagrams);
        _network.AddAllocations(mark);
        _network.Trace.Event(TraceCode.Receive, host.Index, socket.Value, ((long)result.Status << 32) | (uint)result.Count);
        return result;
    }

    public SocketResult SendDatagrams(SocketHandle socket, ReadOnlySpan<OutgoingDatagram> datagrams)
    {
        host.Charge();
        Invariant.Holds(datagrams.Length > 0);
        long mark = _network.MarkAllocations();
        SocketResult result = SendMany(ExistingDatagram(socket), datagrams);
        _network.AddAllocations(mark);
        _network.Trace.Event(TraceCode.Send, host.Index, socket.Value, ((long)result.Status << 32) | (uint)result.Count);
        return result;
    }

    public long CountDroppedDatagrams(SocketHandle socket) => ExistingDatagram(socket).Dropped;

    private SocketResult ReceiveMany(SimulatedDatagramSocket socket, Span<byte> buffer, Span<IncomingDatagram> datagrams)
    {
        if (socket.Count > 0 && Faults.Hits(FaultClass.DatagramReceiveWouldBlock))
        {
            return new SocketResult(SocketStatus.WouldBlock, 0);
        }

        if (socket.Count > 1 && datagrams.Length > 1 && Faults.Hits(FaultClass.DatagramReceivePartial))
        {
            int most = Math.Min(socket.Count, datagrams.Length);
            datagrams = datagrams[..(1 + Faults.StreamOf(FaultClass.DatagramReceivePartial).Next(most))];
        }

        SocketResult result = socket.ReceiveDatagrams(buffer, datagrams, out int bytes);
        host.BytesReceived += bytes;
        return result;
    }

    private SocketResult SendMany(SimulatedDatagramSocket socket, ReadOnlySpan<OutgoingDatagram> datagrams)
    {
        if (!socket.IsFull && Faults.Hits(FaultClass.DatagramSendWouldBlock))
        {
            socket.FillUntil(host.Now + Faults.StreamOf(FaultClass.DatagramSendWouldBlock).Between(1L, MostFullMilliseconds * 1_000_000L));
        }

        if (Faults.Hits(FaultClass.DatagramSendPartial))
        {
            datagrams = datagrams[..(1 + Faults.StreamOf(FaultClass.DatagramSendPartial).Next(datagrams.Length))];
        }

        for (int sent = 0; sent < datagrams.Length; sent++)
        {
            SocketStatus status = SendOne(socket, datagrams[sent]);
            if (status != SocketStatus.Ok)
            {
                // As in the kernel, an error of a later datagram is forgotten: the next call meets it again if it lasts.
                return sent > 0 ? new SocketResult(SocketStatus.Ok, sent) : new SocketResult(status, 0);
            }
        }

        return new SocketResult(SocketStatus.Ok, datagrams.Length);
    }

    private SocketStatus SendOne(SimulatedDatagramSocket socket, in OutgoingDatagram datagram)
    {
        ReadOnlySpan<byte> bytes = datagram.Bytes.Bytes;
        DatagramAddress to = datagram.To == default ? socket.Peers : datagram.To;
        SocketStatus status = CheckSend(socket, bytes.Length, to);
        if (status != SocketStatus.Ok)
        {
            return status;
        }

        if (to.ToEndpoint().IsAny)
        {
            // The unspecified address means this machine.
            to = new DatagramAddress(to.IsIPv4 ? 0xFFFF_7F00_0001 : UInt128.One, to.Port);
        }

        host.BytesSent += bytes.Length;
        _network.Transmit(socket, bytes, to);
        return SocketStatus.Ok;
    }

    private SocketStatus CheckSend(SimulatedDatagramSocket socket, int length, in DatagramAddress to)
    {
        if (to.Port == 0)
        {
            return SocketStatus.InvalidCall;
        }

        if (length > (to.IsIPv4 ? MaxBytesOverIPv4 : MaxBytesOverIPv6))
        {
            return SocketStatus.MessageTooLong;
        }

        if (socket.Local.IsIPv4 && !to.IsIPv4)
        {
            return SocketStatus.Unsupported;
        }

        if (to.IsIPv4 && (uint)to.Address == Broadcast)
        {
            return SocketStatus.AccessDenied;
        }

        if (socket.IsFull)
        {
            return SocketStatus.WouldBlock;
        }

        if (socket.TakeSendError(out SocketStatus error))
        {
            return error;
        }

        int packetBytes = length + SimulatedDatagram.HeaderBytes(to);
        if (socket.IsUnfragmented)
        {
            bool isTooLong = _network.IsTooLong(host, to, packetBytes);
            if (isTooLong || (packetBytes > PassesEverywhere && Faults.Hits(FaultClass.DatagramSendTooLong)))
            {
                return SocketStatus.MessageTooLong;
            }
        }

        return Faults.Hits(FaultClass.DatagramSendNoBuffers) ? SocketStatus.NoBuffers
            : Faults.Hits(FaultClass.DatagramSendDenied) ? SocketStatus.AccessDenied
            : SocketStatus.Ok;
    }

    private SimulatedDatagramSocket ExistingDatagram(SocketHandle handle)
    {
        var socket = Existing(handle) as SimulatedDatagramSocket;
        if (socket is null)
        {
            Invariant.Fail($"socket {handle.Value} of {host.Name} is not a datagram socket");
        }

        return socket;
    }
}
