using System.Runtime.CompilerServices;
using NetLoop.Diagnostics;

namespace NetLoop.Stack.Linux;

/// <summary>Stream sockets of Linux through libc. No call throws, blocks or allocates, except those that open or describe a listener.</summary>
/// <remarks>
/// EINTR is reported, not retried: the calls never sleep, so EINTR hardly ever occurs, and the caller's limits on reads and writes already bound the retries.
/// There are two exceptions. After EINTR from connect, the attempt continues (POSIX). And close frees the descriptor whatever it returns (close(2)), so a
/// second call could close a descriptor that has been reused.
/// </remarks>
internal sealed unsafe class LinuxStack : INetworkStack
{
    private const int StreamSocket = Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;

    private readonly UnixSocketFiles _files = new();

    /// <summary>
    /// Raises the soft limit of open files to the hard limit, for the whole process: a server must not stop at the default of 1,024.
    /// </summary>
    public LinuxStack() => MaxSockets = FileLimit.Raise();

    public string Name => "linux";

    public int MaxSockets { get; }

    public int CountOpenDescriptors() => ProcDescriptors.Count();

    public int DescriptorsLeft(SocketHandle newest) => MaxSockets - 1 - newest.Value;

    public IPoller CreatePoller(PollerKind kind) => kind switch
    {
        PollerKind.Auto or PollerKind.Epoll => new EpollPoller(),
        PollerKind.Poll => new PollPoller(),
        _ => throw new PlatformNotSupportedException($"The linux stack has no {kind} poller: choose {PollerKind.Epoll} or {PollerKind.Poll}."),
    };

    /// <summary>A descriptor belongs to the process, and the kernel locks the object behind it.</summary>
    public bool CanShareSockets => true;

    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound) =>
        Listen(endpoint, backlog, isShared: false, out listener, out bound);

    public SocketStatus ListenShared(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound) =>
        Listen(endpoint, backlog, isShared: true, out listener, out bound);

    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote)
    {
        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.MaxBytes;
        int accepted = Libc.Accept4(listener.Value, address, &length, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        if (accepted < 0)
        {
            socket = SocketHandle.None;
            remote = default;
            SocketStatus status = Errno.ToStatus(Libc.LastError);

            // accept(2): Linux returns errors of the pending connection (and EPERM if a firewall forbids it). That connection is over, not the listener.
            return status is SocketStatus.AccessDenied or SocketStatus.Unsupported ? SocketStatus.ConnectionAborted : status;
        }

        socket = new SocketHandle(accepted);
        remote = SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)Math.Min(length, SocketAddress.MaxBytes)));
        return SocketStatus.Ok;
    }

    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket)
    {
        socket = SocketHandle.None;
        SocketStatus status = Open(remote, out int descriptor);
        if (status != SocketStatus.Ok)
        {
            return status;
        }

        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.Write(remote, new Span<byte>(address, SocketAddress.MaxBytes));
        status = Libc.StatusOf(Libc.Connect(descriptor, address, length));
        if (status == SocketStatus.Interrupted)
        {
            status = SocketStatus.InProgress;
        }

        if (status is not (SocketStatus.Ok or SocketStatus.InProgress))
        {
            Close(new SocketHandle(descriptor), reset: false);
            return status;
        }

        socket = new SocketHandle(descriptor);
        return status;
    }

    public SocketStatus FinishConnect(SocketHandle socket)
    {
        // Only a connected socket has a peer. A TCP socket with a peer has no error; a Unix socket may have both.
        byte* peer = stackalloc byte[SocketAddress.MaxBytes];
        uint peerLength = SocketAddress.MaxBytes;
        SocketStatus status = Libc.StatusOf(Libc.GetPeerName(socket.Value, peer, &peerLength));
        if (status == SocketStatus.Ok && *(ushort*)peer != Libc.AF_UNIX)
        {
            return IsConnectedToItself(socket.Value, new ReadOnlySpan<byte>(peer, (int)peerLength)) ? RefuseItself(socket.Value) : SocketStatus.Ok;
        }

        int error = 0;
        uint length = sizeof(int);
        if (Libc.GetSockOpt(socket.Value, Libc.SOL_SOCKET, Libc.SO_ERROR, &error, &length) < 0)
        {
            return Errno.ToStatus(Libc.LastError);
        }

        if (error != 0)
        {
            return Errno.ToStatus(error);
        }

        // A socket that is still connecting also reports no error (after a spurious event).
        return status == SocketStatus.NotConnected ? SocketStatus.InProgress : status;
    }

    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options) => SocketOptions.Apply(socket.Value, options);

    public SocketResult Receive(SocketHandle socket, Span<byte> buffer)
    {
        // A receive into an empty buffer returns 0, which would look like the end of the stream.
        Invariant.Holds(!buffer.IsEmpty);
        nint received;
        fixed (byte* start = buffer)
        {
            received = Libc.Recv(socket.Value, start, (nuint)buffer.Length, 0);
        }

        return Result(received);
    }

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        Invariant.Holds(segments.Length is >= 1 and <= SendSegment.MaxPerSend);
        if (segments.Length == 1)
        {
            // send copies no message header from user space, and most flushes have one segment.
            ReadOnlySpan<byte> bytes = segments[0].Bytes;
            fixed (byte* start = bytes)
            {
                return Result(Libc.Send(socket.Value, start, (nuint)bytes.Length, Libc.MSG_NOSIGNAL));
            }
        }

        fixed (SendSegment* first = segments)
        {
            MessageHeader message = new() { Segments = first, SegmentCount = (nuint)segments.Length };
            return Result(Libc.SendMsg(socket.Value, &message, Libc.MSG_NOSIGNAL));
        }
    }

    public int MinDatagramBufferBytes => LinuxDatagrams.SlotBytes;

    public SocketStatus OpenDatagram(
        in NetEndpoint endpoint, bool isConnected, in DatagramSocketOptions options, out SocketHandle socket, out NetEndpoint local) =>
        LinuxDatagrams.Open(endpoint, isConnected, options, out socket, out local);

    public SocketResult ReceiveDatagrams(SocketHandle socket, Span<byte> buffer, Span<IncomingDatagram> datagrams) =>
        LinuxDatagrams.Receive(socket, buffer, datagrams);

    public SocketResult SendDatagrams(SocketHandle socket, ReadOnlySpan<OutgoingDatagram> datagrams) => LinuxDatagrams.Send(socket, datagrams);

    public long CountDroppedDatagrams(SocketHandle socket) => LinuxDatagrams.CountDropped(socket);

    public SocketStatus ShutdownSend(SocketHandle socket) => Libc.StatusOf(Libc.Shutdown(socket.Value, Libc.SHUT_WR));

    public void Close(SocketHandle socket, bool reset)
    {
        if (reset)
        {
            ResetOnClose(socket.Value);
        }

        bool wasOpen = Libc.Close(socket.Value) == 0 || Libc.LastError != Errno.EBADF;
        Invariant.Holds(wasOpen);
    }

    public void RemoveUnixPath(in NetEndpoint endpoint) => _files.Remove(endpoint);

    public string? FindHolder(in NetEndpoint endpoint) => PortTable.DescribeHolder(endpoint);

    private SocketStatus Listen(in NetEndpoint endpoint, int backlog, bool isShared, out SocketHandle listener, out NetEndpoint bound)
    {
        listener = SocketHandle.None;
        bound = default;
        SocketStatus status = Open(endpoint, out int socket);
        if (status != SocketStatus.Ok)
        {
            return status;
        }

        status = endpoint.Transport == TransportKind.Unix ? _files.Listen(socket, endpoint, backlog) : ListenTcp(socket, endpoint, backlog, isShared);
        bound = endpoint;
        if (status == SocketStatus.Ok && endpoint.Transport == TransportKind.Tcp && endpoint.Port == 0)
        {
            status = NameOf(socket, out bound);
        }

        if (status != SocketStatus.Ok)
        {
            Close(new SocketHandle(socket), reset: false);
            bound = default;
            return status;
        }

        listener = new SocketHandle(socket);
        return SocketStatus.Ok;
    }

    /// <summary>
    /// Whether a socket connected to itself: it dialed a port of this machine on which nobody listens, and got that port as its local one (RFC 9293, section
    /// 3.5, simultaneous open).
    /// </summary>
    private static bool IsConnectedToItself(int socket, ReadOnlySpan<byte> peer)
    {
        byte* local = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.MaxBytes;
        return Libc.GetSockName(socket, local, &length) == 0 && peer.SequenceEqual(new ReadOnlySpan<byte>(local, (int)length));
    }

    private static SocketStatus RefuseItself(int socket)
    {
        // However it is closed, it must not keep the port from the server that will listen on it.
        ResetOnClose(socket);
        return SocketStatus.ConnectionRefused;
    }

    private static void ResetOnClose(int socket)
    {
        // A linger time of zero makes close send RST (RFC 9293, ABORT). If it cannot be set, the close is graceful.
        Linger linger = new() { OnOff = 1, Seconds = 0 };
        _ = Libc.SetSockOpt(socket, Libc.SOL_SOCKET, Libc.SO_LINGER, &linger, (uint)sizeof(Linger));
    }

    private static SocketStatus Open(in NetEndpoint endpoint, out int socket)
    {
        if (!endpoint.IsResolved)
        {
            socket = -1;
            return SocketStatus.InvalidCall;
        }

        socket = Libc.Socket(SocketAddress.FamilyOf(endpoint), StreamSocket, 0);
        return Libc.StatusOf(socket);
    }

    private static SocketStatus ListenTcp(int socket, in NetEndpoint endpoint, int backlog, bool isShared)
    {
        // Without this option a restarted server would have to wait for the TIME_WAIT of its former connections. The address of a live listener is still
        // rejected (socket(7)).
        SocketStatus status = SocketOptions.Set(socket, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        if (status == SocketStatus.Ok && isShared)
        {
            status = SocketOptions.Set(socket, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);
        }

        if (status == SocketStatus.Ok && endpoint.IsIPv6)
        {
            // [::] also accepts IPv4, whatever net.ipv6.bindv6only is; any other IPv6 address accepts only IPv6.
            status = SocketOptions.Set(socket, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, endpoint.IsAny ? 0 : 1);
        }

        if (status != SocketStatus.Ok)
        {
            return status;
        }

        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.Write(endpoint, new Span<byte>(address, SocketAddress.MaxBytes));
        status = Libc.StatusOf(Libc.Bind(socket, address, length));
        return status == SocketStatus.Ok ? Libc.StatusOf(Libc.Listen(socket, backlog)) : status;
    }

    private static SocketStatus NameOf(int socket, out NetEndpoint bound)
    {
        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.MaxBytes;
        SocketStatus status = Libc.StatusOf(Libc.GetSockName(socket, address, &length));
        bound = status == SocketStatus.Ok ? SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)length)) : default;
        return status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SocketResult Result(nint moved) =>
        moved >= 0 ? new SocketResult(SocketStatus.Ok, (int)moved) : Errno.ToResult(Libc.LastError);
}
