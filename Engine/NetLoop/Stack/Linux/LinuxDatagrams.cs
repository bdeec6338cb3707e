using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NetLoop.Stack.Linux;

/// <summary>UDP sockets of Linux: several datagrams in one call.</summary>
/// <remarks>No call throws, blocks or allocates. Source: udp(7), recvmmsg(2), sendmmsg(2).</remarks>
internal static unsafe class LinuxDatagrams
{
    /// <summary>Part of the receive buffer for one datagram: more than any path carries without fragments.</summary>
    public const int SlotBytes = 2048;

    /// <summary>Datagrams of one call.</summary>
    private const int MaxPerCall = 64;

    private const int IPv4Bytes = 16;
    private const int IPv6Bytes = 28;
    private const int DatagramSocket = 2 | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
    private const int MessageTruncated = 0x20;
    private const int SocketDomain = 39;
    private const int ReceiveQueueOverflow = 40;
    private const int MemoryInformation = 55;
    private const int IPv4PathMtu = 10;
    private const int IPv6PathMtu = 23;
    private const int ProbePathMtu = 3;

    /// <summary>Index of the number of dropped datagrams in the numbers of SO_MEMINFO.</summary>
    private const int DropsIndex = 8;

    public static SocketStatus Open(in NetEndpoint endpoint, bool isConnected, in DatagramSocketOptions options, out SocketHandle socket, out NetEndpoint local)
    {
        socket = SocketHandle.None;
        local = default;
        if (endpoint.Transport != TransportKind.Udp || !endpoint.IsResolved)
        {
            return SocketStatus.InvalidCall;
        }

        int descriptor = Libc.Socket(SocketAddress.FamilyOf(endpoint), DatagramSocket, 0);
        if (descriptor < 0)
        {
            return Errno.ToStatus(Libc.LastError);
        }

        Configure(descriptor, endpoint, options);
        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.Write(endpoint, new Span<byte>(address, SocketAddress.MaxBytes));
        SocketStatus status = options.IsShared ? SocketOptions.Set(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1) : SocketStatus.Ok;
        if (status == SocketStatus.Ok)
        {
            status = Libc.StatusOf(isConnected ? Libc.Connect(descriptor, address, length) : Libc.Bind(descriptor, address, length));
        }

        if (status == SocketStatus.Ok)
        {
            length = SocketAddress.MaxBytes;
            status = Libc.StatusOf(Libc.GetSockName(descriptor, address, &length));
            local = status == SocketStatus.Ok ? SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)length)).AsUdp() : default;
        }

        if (status != SocketStatus.Ok)
        {
            _ = Libc.Close(descriptor);
            return status;
        }

        socket = new SocketHandle(descriptor);
        return SocketStatus.Ok;
    }

    public static SocketResult Receive(SocketHandle socket, Span<byte> buffer, Span<IncomingDatagram> datagrams)
    {
        int slots = Math.Min(Math.Min(datagrams.Length, buffer.Length / SlotBytes), MaxPerCall);
        MultiMessageHeader* headers = stackalloc MultiMessageHeader[MaxPerCall];
        SendSegment* segments = stackalloc SendSegment[MaxPerCall];
        byte* names = stackalloc byte[MaxPerCall * IPv6Bytes];
        fixed (byte* start = buffer)
        {
            for (int i = 0; i < slots; i++)
            {
                segments[i] = new SendSegment(new ReadOnlySpan<byte>(start + (i * SlotBytes), SlotBytes));
                headers[i] = new MultiMessageHeader
                {
                    Message = new MessageHeader { Name = names + (i * IPv6Bytes), NameLength = IPv6Bytes, Segments = segments + i, SegmentCount = 1 },
                };
            }

            int count = Libc.ReceiveMessages(socket.Value, headers, (uint)slots, 0, null);
            if (count < 0)
            {
                return Errno.ToResult(Libc.LastError);
            }

            for (int i = 0; i < count; i++)
            {
                bool isTruncated = (headers[i].Message.Flags & MessageTruncated) != 0;
                DatagramAddress from = ReadAddress(new ReadOnlySpan<byte>(names + (i * IPv6Bytes), IPv6Bytes));
                datagrams[i] = new IncomingDatagram(i * SlotBytes, (int)headers[i].Length, isTruncated, from);
            }

            return new SocketResult(SocketStatus.Ok, count);
        }
    }

    public static SocketResult Send(SocketHandle socket, ReadOnlySpan<OutgoingDatagram> datagrams)
    {
        int count = Math.Min(datagrams.Length, MaxPerCall);
        MultiMessageHeader* headers = stackalloc MultiMessageHeader[MaxPerCall];
        SendSegment* segments = stackalloc SendSegment[MaxPerCall];
        byte* names = stackalloc byte[MaxPerCall * IPv6Bytes];
        bool isIPv6 = datagrams[0].To.Port != 0 && FamilyOf(socket.Value) == Libc.AF_INET6;
        for (int i = 0; i < count; i++)
        {
            segments[i] = datagrams[i].Bytes;
            byte* name = names + (i * IPv6Bytes);
            if (!isIPv6 && datagrams[i].To.Port != 0 && !datagrams[i].To.IsIPv4)
            {
                // This socket reaches no IPv6 address. The datagrams before it go out first; then it fails alone.
                if (i == 0)
                {
                    return new SocketResult(SocketStatus.Unsupported, 0);
                }

                count = i;
                break;
            }

            uint nameBytes = datagrams[i].To.Port == 0 ? 0 : WriteAddress(datagrams[i].To, isIPv6, new Span<byte>(name, IPv6Bytes));
            headers[i] = new MultiMessageHeader
            {
                Message = new MessageHeader { Name = nameBytes == 0 ? null : name, NameLength = nameBytes, Segments = segments + i, SegmentCount = 1 },
            };
        }

        int sent = Libc.SendMessages(socket.Value, headers, (uint)count, Libc.MSG_NOSIGNAL);
        return sent >= 0 ? new SocketResult(SocketStatus.Ok, sent) : Errno.ToResult(Libc.LastError);
    }

    public static long CountDropped(SocketHandle socket)
    {
        uint* numbers = stackalloc uint[DropsIndex + 1];
        uint length = (DropsIndex + 1) * sizeof(uint);
        return Libc.GetSockOpt(socket.Value, Libc.SOL_SOCKET, MemoryInformation, numbers, &length) == 0 && length == (DropsIndex + 1) * sizeof(uint)
            ? numbers[DropsIndex]
            : 0;
    }

    private static void Configure(int descriptor, in NetEndpoint endpoint, in DatagramSocketOptions options)
    {
        // An option that the system rejects leaves its default, with which the socket works too.
        if (endpoint.IsIPv6)
        {
            _ = SocketOptions.Set(descriptor, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, endpoint.IsAny ? 0 : 1);
        }

        if (options.ReceiveBufferBytes > 0)
        {
            _ = SocketOptions.Set(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUF, options.ReceiveBufferBytes);
        }

        if (options.SendBufferBytes > 0)
        {
            _ = SocketOptions.Set(descriptor, Libc.SOL_SOCKET, Libc.SO_SNDBUF, options.SendBufferBytes);
        }

        if (options.IsUnfragmented)
        {
            _ = SocketOptions.Set(descriptor, 0, IPv4PathMtu, ProbePathMtu);
            _ = SocketOptions.Set(descriptor, Libc.IPPROTO_IPV6, IPv6PathMtu, ProbePathMtu);
        }

        _ = SocketOptions.Set(descriptor, Libc.SOL_SOCKET, ReceiveQueueOverflow, 1);
    }

    private static int FamilyOf(int socket)
    {
        int family = 0;
        uint length = sizeof(int);
        return Libc.GetSockOpt(socket, Libc.SOL_SOCKET, SocketDomain, &family, &length) == 0 ? family : Libc.AF_INET;
    }

    private static uint WriteAddress(in DatagramAddress address, bool isIPv6, Span<byte> name)
    {
        name.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], address.Port);
        ushort family = (ushort)(isIPv6 ? Libc.AF_INET6 : Libc.AF_INET);
        MemoryMarshal.Write(name, in family);
        if (!isIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(name[4..], (uint)address.Address);
            return IPv4Bytes;
        }

        // A socket for both families has IPv4 addresses in their mapped form.
        uint scopeId = address.ScopeId;
        BinaryPrimitives.WriteUInt128BigEndian(name[8..], address.Address);
        MemoryMarshal.Write(name[24..], in scopeId);
        return IPv6Bytes;
    }

    private static DatagramAddress ReadAddress(ReadOnlySpan<byte> name)
    {
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(name[2..]);
        return MemoryMarshal.Read<ushort>(name) switch
        {
            Libc.AF_INET => new DatagramAddress(new UInt128(0, 0xFFFF_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(name[4..])), port),
            Libc.AF_INET6 => new DatagramAddress(BinaryPrimitives.ReadUInt128BigEndian(name[8..]), port, MemoryMarshal.Read<uint>(name[24..])),
            _ => default,
        };
    }
}
