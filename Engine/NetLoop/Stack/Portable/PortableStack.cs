using System.Net;
using System.Net.Sockets;
using NetLoop.Diagnostics;
using NetLoop.Stack.Linux;

namespace NetLoop.Stack.Portable;

/// <summary>Stream sockets of System.Net.Sockets, for Windows and macOS, and as a check of the Linux stack.</summary>
/// <remarks>
/// Receive and send use the overloads that do not throw. Calls without such an overload (bind, accept, connect, shutdown) catch the exception here. Opening a
/// connection allocates. System.Net.Sockets does not support TCP_USER_TIMEOUT, so that option is skipped.
/// </remarks>
internal sealed class PortableStack : INetworkStack
{
    private readonly SocketTable _sockets = new();
    private readonly UnixPaths _paths = new();
    private readonly PortableDatagrams _datagrams = new();

    public string Name => "portable";

    public int MaxSockets { get; } = OperatingSystem.IsLinux() ? Math.Min(FileLimit.Raise(), SelectPoller.MaxSockets) : SelectPoller.MaxSockets;

    /// <summary>Counted on Linux; elsewhere an estimate.</summary>
    public int CountOpenDescriptors() => OperatingSystem.IsLinux() ? ProcDescriptors.Count() : ProcDescriptors.Estimate;

    public IPoller CreatePoller(PollerKind kind) => kind is PollerKind.Auto or PollerKind.Select
        ? new SelectPoller(_sockets)
        : throw new PlatformNotSupportedException($"The portable stack has no {kind} poller: choose {PollerKind.Auto} or {PollerKind.Select}.");

    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        listener = SocketHandle.None;
        bound = default;
        SocketStatus status = Open(endpoint, out Socket? socket, out EndPoint? address);
        if (socket is null || address is null)
        {
            return status;
        }

        try
        {
            if (address is UnixDomainSocketEndPoint path)
            {
                _paths.Listen(socket, path, endpoint.Path, backlog);
            }
            else
            {
                BindTcp(socket, address, endpoint);
                socket.Listen(backlog);
            }

            bound = endpoint.Transport == TransportKind.Unix ? endpoint : ToEndpoint(socket.LocalEndPoint);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            return SocketErrors.ToStatus(error.SocketErrorCode);
        }

        listener = _sockets.Add(socket);
        return SocketStatus.Ok;
    }

    public int MinDatagramBufferBytes => PortableDatagrams.SlotBytes;

    public SocketStatus OpenDatagram(
        in NetEndpoint endpoint, bool isConnected, in DatagramSocketOptions options, out SocketHandle socket, out NetEndpoint local)
    {
        SocketStatus status = PortableDatagrams.Open(endpoint, isConnected, options, out Socket? opened, out local);
        socket = opened is null ? SocketHandle.None : _sockets.Add(opened);
        return status;
    }

    public SocketResult ReceiveDatagrams(SocketHandle socket, Span<byte> buffer, Span<IncomingDatagram> datagrams) =>
        _datagrams.Receive(Get(socket), buffer, datagrams);

    public SocketResult SendDatagrams(SocketHandle socket, ReadOnlySpan<OutgoingDatagram> datagrams) => _datagrams.Send(Get(socket), datagrams);

    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote)
    {
        socket = SocketHandle.None;
        remote = default;
        Socket accepted;
        try
        {
            // Poll first: without a pending connection, which is the usual case, Accept would throw.
            Socket source = Get(listener);
            if (!source.Poll(0, SelectMode.SelectRead))
            {
                return SocketStatus.WouldBlock;
            }

            accepted = source.Accept();
        }
        catch (SocketException error)
        {
            return SocketErrors.ToStatus(error.SocketErrorCode);
        }

        try
        {
            accepted.Blocking = false;
            remote = ToEndpoint(accepted.RemoteEndPoint);
        }
        catch (SocketException)
        {
            accepted.Dispose();
            return SocketStatus.ConnectionAborted;
        }

        socket = _sockets.Add(accepted);
        return SocketStatus.Ok;
    }

    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket)
    {
        socket = SocketHandle.None;
        SocketStatus status = Open(remote, out Socket? connecting, out EndPoint? address);
        if (connecting is null || address is null)
        {
            return status;
        }

        try
        {
            connecting.Connect(address);
        }
        catch (SocketException error)
        {
            // For a non-blocking connect in progress the error is WouldBlock. A Unix socket connects at once or not at all.
            status = SocketErrors.ToStatus(error.SocketErrorCode);
            if (status == SocketStatus.WouldBlock && remote.Transport == TransportKind.Tcp)
            {
                status = SocketStatus.InProgress;
            }
        }

        if (status is not (SocketStatus.Ok or SocketStatus.InProgress))
        {
            connecting.Dispose();
            return status;
        }

        socket = _sockets.Add(connecting);
        return status;
    }

    public SocketStatus FinishConnect(SocketHandle socket)
    {
        try
        {
            Socket connecting = Get(socket);
            SocketError error = (SocketError)(int)connecting.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (error != SocketError.Success)
            {
                return SocketErrors.ToStatus(error);
            }

            if (!connecting.Poll(0, SelectMode.SelectWrite))
            {
                return SocketStatus.InProgress;
            }

            if (connecting.RemoteEndPoint is IPEndPoint peer && peer.Equals(connecting.LocalEndPoint))
            {
                // It connected to itself: nobody listens on the port, and the port must stay free for the server that will.
                connecting.LingerState = new LingerOption(enable: true, seconds: 0);
                return SocketStatus.ConnectionRefused;
            }

            return SocketStatus.Ok;
        }
        catch (SocketException error)
        {
            return SocketErrors.ToStatus(error.SocketErrorCode);
        }
    }

    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options)
    {
        try
        {
            PortableOptions.Apply(Get(socket), options);
            return SocketStatus.Ok;
        }
        catch (SocketException error)
        {
            return SocketErrors.ToStatus(error.SocketErrorCode);
        }
    }

    public SocketResult Receive(SocketHandle socket, Span<byte> buffer)
    {
        // A receive into an empty buffer returns 0, which would look like the end of the stream.
        Invariant.Holds(!buffer.IsEmpty);
        int received = Get(socket).Receive(buffer, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? new SocketResult(SocketStatus.Ok, received) : SocketErrors.ToResult(error);
    }

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        Invariant.Holds(segments.Length is >= 1 and <= SendSegment.MaxPerSend);
        Socket target = Get(socket);
        int total = 0;
        foreach (SendSegment segment in segments)
        {
            // The gathering overload needs a list of arrays; one call for each segment allocates nothing.
            int sent = target.Send(segment.Bytes, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success)
            {
                return total > 0 ? new SocketResult(SocketStatus.Ok, total) : SocketErrors.ToResult(error);
            }

            total += sent;
            if (sent < segment.Bytes.Length)
            {
                break;
            }
        }

        return new SocketResult(SocketStatus.Ok, total);
    }

    public SocketStatus ShutdownSend(SocketHandle socket)
    {
        try
        {
            Get(socket).Shutdown(SocketShutdown.Send);
            return SocketStatus.Ok;
        }
        catch (SocketException error)
        {
            return SocketErrors.ToStatus(error.SocketErrorCode);
        }
    }

    public void Close(SocketHandle socket, bool reset)
    {
        Socket closing = _sockets.Remove(socket);
        if (reset)
        {
            try
            {
                closing.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (SocketException)
            {
                // If it cannot be set (the connection is already gone), the close is graceful.
            }
        }

        _paths.Close(closing);
    }

    /// <summary>Does nothing: closing the listener removes the file.</summary>
    public void RemoveUnixPath(in NetEndpoint endpoint)
    {
    }

    public string? FindHolder(in NetEndpoint endpoint) => PortTable.DescribeHolder(endpoint);

    private static SocketStatus Open(in NetEndpoint endpoint, out Socket? socket, out EndPoint? address)
    {
        socket = null;
        address = null;
        if (!endpoint.IsResolved)
        {
            return SocketStatus.InvalidCall;
        }

        bool isUnix = endpoint.Transport == TransportKind.Unix;
        if (isUnix && !Socket.OSSupportsUnixDomainSockets)
        {
            return SocketStatus.Unsupported;
        }

        try
        {
            address = isUnix ? new UnixDomainSocketEndPoint(endpoint.Path) : new IPEndPoint(endpoint.ToIPAddress(), endpoint.Port);
            ProtocolType protocol = isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp;
            socket = new Socket(address.AddressFamily, SocketType.Stream, protocol) { Blocking = false };
            return SocketStatus.Ok;
        }
        catch (ArgumentOutOfRangeException)
        {
            // On macOS the longest path is four bytes shorter than on Linux.
            return SocketStatus.PathTooLong;
        }
        catch (SocketException error)
        {
            return SocketErrors.ToStatus(error.SocketErrorCode);
        }
    }

    private static void BindTcp(Socket socket, EndPoint address, in NetEndpoint endpoint)
    {
        if (OperatingSystem.IsWindows())
        {
            // Otherwise another process could take over the port. On other systems the runtime sets SO_REUSEADDR, which is right there.
            socket.ExclusiveAddressUse = true;
        }

        if (endpoint.IsIPv6)
        {
            socket.DualMode = endpoint.IsAny;
        }

        socket.Bind(address);
    }

    private static NetEndpoint ToEndpoint(EndPoint? endpoint) => endpoint is IPEndPoint ip
        ? NetEndpoint.Tcp(ip.Address, ip.Port)
        : NetEndpoint.FromUnixPath(endpoint?.ToString() ?? "");

    private Socket Get(SocketHandle handle)
    {
        Socket? socket = _sockets.Find(handle);
        Invariant.Holds(socket is not null);
        return socket;
    }
}
