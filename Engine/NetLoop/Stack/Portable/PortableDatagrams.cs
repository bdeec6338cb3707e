using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NetLoop.Stack.Portable;

/// <summary>UDP sockets of System.Net.Sockets: one datagram in each call.</summary>
/// <remarks>
/// Thread: the loop. A call that finds nothing to do does not throw. An error of the network may be an exception inside this class, which allocates; so may a
/// send buffer that becomes full within a call, once, because the caller then waits until there is room.
/// </remarks>
internal sealed class PortableDatagrams
{
    /// <summary>Part of the receive buffer for one datagram. One byte more than is taken, because nothing else tells a datagram that was cut.</summary>
    public const int SlotBytes = MaxDatagramBytes + 1;

    private const int MaxDatagramBytes = 2048;

    private const int MaxPerCall = 64;

    // Windows: without this, a datagram to a closed port makes the next receive fail, on any socket (SIO_UDP_CONNRESET).
    private const int ConnectionResets = unchecked((int)0x9800000C);

    private readonly SocketAddress _from4 = new(AddressFamily.InterNetwork);
    private readonly SocketAddress _from6 = new(AddressFamily.InterNetworkV6);
    private readonly SocketAddress _to4 = new(AddressFamily.InterNetwork);
    private readonly SocketAddress _to6 = new(AddressFamily.InterNetworkV6);

    public static SocketStatus Open(in NetEndpoint endpoint, bool isConnected, in DatagramSocketOptions options, out Socket? socket, out NetEndpoint local)
    {
        socket = null;
        local = default;
        if (endpoint.Transport != TransportKind.Udp || !endpoint.IsResolved)
        {
            return SocketStatus.InvalidCall;
        }

        if (options.IsShared)
        {
            return SocketStatus.Unsupported;
        }

        Socket opened;
        try
        {
            opened = new Socket(endpoint.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        }
        catch (SocketException error)
        {
            return SocketErrors.ToStatus(error.SocketErrorCode);
        }

        try
        {
            opened.Blocking = false;
            if (endpoint.IsIPv6)
            {
                opened.DualMode = endpoint.IsAny;
            }

            if (OperatingSystem.IsWindows())
            {
                if (!isConnected)
                {
                    opened.IOControl(ConnectionResets, [0], null);
                }

                opened.ExclusiveAddressUse = true;
            }

            if (options.ReceiveBufferBytes > 0)
            {
                opened.ReceiveBufferSize = options.ReceiveBufferBytes;
            }

            if (options.SendBufferBytes > 0)
            {
                opened.SendBufferSize = options.SendBufferBytes;
            }

            if (options.IsUnfragmented)
            {
                ForbidFragments(opened);
            }

            var address = new IPEndPoint(endpoint.ToIPAddress(), endpoint.Port);
            if (isConnected)
            {
                opened.Connect(address);
            }
            else
            {
                opened.Bind(address);
            }

            var bound = (IPEndPoint)opened.LocalEndPoint!;
            local = NetEndpoint.Tcp(bound.Address, bound.Port).AsUdp();
            socket = opened;
            return SocketStatus.Ok;
        }
        catch (SocketException error)
        {
            opened.Dispose();
            return SocketErrors.ToStatus(error.SocketErrorCode);
        }
    }

    public SocketResult Receive(Socket socket, Span<byte> buffer, Span<IncomingDatagram> datagrams)
    {
        int slots = Math.Min(Math.Min(datagrams.Length, buffer.Length / SlotBytes), MaxPerCall);
        SocketAddress from = socket.AddressFamily == AddressFamily.InterNetwork ? _from4 : _from6;
        for (int i = 0; i < slots; i++)
        {
            try
            {
                // A socket with nothing but an error is not readable here, unlike in the kernel; the receive takes the error.
                if (!socket.Poll(0, SelectMode.SelectRead) && (i > 0 || !socket.Poll(0, SelectMode.SelectError)))
                {
                    return i > 0 ? new SocketResult(SocketStatus.Ok, i) : new SocketResult(SocketStatus.WouldBlock, 0);
                }

                int length = socket.ReceiveFrom(buffer.Slice(i * SlotBytes, SlotBytes), SocketFlags.None, from);
                datagrams[i] = new IncomingDatagram(
                    i * SlotBytes, Math.Min(length, MaxDatagramBytes), IsTruncated: length > MaxDatagramBytes, Read(from));
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.MessageSize)
            {
                datagrams[i] = new IncomingDatagram(i * SlotBytes, MaxDatagramBytes, IsTruncated: true, Read(from));
            }
            catch (SocketException error)
            {
                return i > 0 ? new SocketResult(SocketStatus.Ok, i) : SocketErrors.ToResult(error.SocketErrorCode);
            }
        }

        return new SocketResult(SocketStatus.Ok, slots);
    }

    public SocketResult Send(Socket socket, ReadOnlySpan<OutgoingDatagram> datagrams)
    {
        int sent = 0;
        if (datagrams[0].To.Port != 0 && !socket.Poll(0, SelectMode.SelectWrite))
        {
            return new SocketResult(SocketStatus.WouldBlock, 0);
        }

        foreach (ref readonly OutgoingDatagram datagram in datagrams)
        {
            try
            {
                if (datagram.To.Port != 0 && !datagram.To.IsIPv4 && socket.AddressFamily == AddressFamily.InterNetwork)
                {
                    return sent > 0 ? new SocketResult(SocketStatus.Ok, sent) : new SocketResult(SocketStatus.Unsupported, 0);
                }

                if (datagram.To.Port == 0)
                {
                    socket.Send(datagram.Bytes.Bytes, SocketFlags.None, out SocketError code);
                    if (code != SocketError.Success)
                    {
                        return sent > 0 ? new SocketResult(SocketStatus.Ok, sent) : SocketErrors.ToResult(code);
                    }
                }
                else
                {
                    socket.SendTo(datagram.Bytes.Bytes, SocketFlags.None, Write(datagram.To, socket.AddressFamily));
                }

                sent++;
            }
            catch (SocketException error)
            {
                return sent > 0 ? new SocketResult(SocketStatus.Ok, sent) : SocketErrors.ToResult(error.SocketErrorCode);
            }
        }

        return new SocketResult(SocketStatus.Ok, sent);
    }

    /// <summary>Sets the DF bit for both families of the socket. A system that rejects it fragments, with which the socket works too.</summary>
    private static void ForbidFragments(Socket socket)
    {
        // Level, option and value: Socket.DontFragment knows IPv4 only. Linux has IP_PMTUDISC_PROBE, which ignores what it has learned of the path.
        (int overIPv4, int overIPv6, int value) = OperatingSystem.IsLinux() ? (10, 23, 3)
            : OperatingSystem.IsWindows() ? (14, 14, 1)
            : OperatingSystem.IsMacOS() ? (28, 62, 1)
            : (67, 62, 1);
        TrySet(socket, (int)SocketOptionLevel.IP, overIPv4, value);
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
        {
            TrySet(socket, (int)SocketOptionLevel.IPv6, overIPv6, value);
        }
    }

    private static void TrySet(Socket socket, int level, int option, int value)
    {
        try
        {
            socket.SetRawSocketOption(level, option, System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
        }
        catch (SocketException)
        {
        }
    }

    private static DatagramAddress Read(SocketAddress address)
    {
        ReadOnlySpan<byte> name = address.Buffer.Span;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(name[2..]);
        return address.Family == AddressFamily.InterNetwork
            ? new DatagramAddress(new UInt128(0, 0xFFFF_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(name[4..])), port)
            : new DatagramAddress(BinaryPrimitives.ReadUInt128BigEndian(name[8..]), port, BinaryPrimitives.ReadUInt32LittleEndian(name[24..]));
    }

    private SocketAddress Write(in DatagramAddress address, AddressFamily family)
    {
        SocketAddress to = family == AddressFamily.InterNetwork ? _to4 : _to6;
        Span<byte> name = to.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], address.Port);
        if (family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(name[4..], (uint)address.Address);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(name[8..], address.Address);
            BinaryPrimitives.WriteUInt32LittleEndian(name[24..], address.ScopeId);
        }

        return to;
    }
}
