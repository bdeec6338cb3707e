namespace NetLoop;

/// <summary>
/// The operating system as the engine sees it: non-blocking stream sockets and a poller, with statuses instead of exceptions.
/// </summary>
/// <remarks>
/// Thread: the loop thread; <see cref="FindHolder"/> any. Every socket is non-blocking and closed on exec, and a send to a closed peer is a
/// status, never a signal. Implementations: Linux (libc), portable (System.Net.Sockets), simulated.
/// </remarks>
public interface INetworkStack
{
    /// <summary>The name for logs: linux, portable or simulated.</summary>
    string Name { get; }

    /// <summary>Maximum number of sockets that the process may have open, or <see cref="int.MaxValue"/> if there is no known limit.</summary>
    int MaxSockets { get; }

    /// <summary>
    /// Returns the number of descriptors of any kind that the process has open; the rest of <see cref="MaxSockets"/> is free. An estimate on platforms
    /// that cannot count them.
    /// </summary>
    /// <remarks>Thread: any. Slow; meant for the start of a server.</remarks>
    int CountOpenDescriptors() => 0;

    /// <summary>
    /// Returns an upper bound of the number of descriptors that the process can still open after this socket; <see cref="int.MaxValue"/> if unknown.
    /// A Unix system assigns the lowest free number, so all numbers below that of a new socket are in use.
    /// </summary>
    /// <remarks>Thread: loop. Cheap, because it is called for each new socket.</remarks>
    int DescriptorsLeft(SocketHandle newest) => int.MaxValue;

    /// <summary>Creates a poller for sockets of this stack.</summary>
    /// <param name="kind">
    /// Auto selects the best one of the platform. A kind that the platform does not have throws <see cref="PlatformNotSupportedException"/>, which lists the
    /// available kinds.
    /// </param>
    IPoller CreatePoller(PollerKind kind);

    /// <summary>Opens a listening socket: socket, options, bind, listen.</summary>
    /// <param name="endpoint">
    /// The endpoint; port 0 lets the system choose. A Unix socket file on which no process listens is replaced; otherwise the result is AddressInUse.
    /// If several callers listen on one path at once, one succeeds.
    /// </param>
    /// <param name="backlog">Connections that the kernel may queue until they are accepted.</param>
    /// <param name="listener">The socket, or None.</param>
    /// <param name="bound">The endpoint with the actual port.</param>
    SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound);

    /// <summary>
    /// Whether several loops can share the stack: a loop may serve connections that another one accepted, on its own thread, and each loop may have its own
    /// listener on one port (see <see cref="ListenShared"/>).
    /// </summary>
    bool CanShareSockets => false;

    /// <summary>Opens one of several listening sockets on the same TCP port. The system distributes new connections between them.</summary>
    /// <param name="endpoint">
    /// As for <see cref="Listen"/>; not a Unix endpoint. If a socket that was not opened by this method holds the port, the result is AddressInUse.
    /// </param>
    /// <param name="backlog">Connections that the kernel may queue until they are accepted.</param>
    /// <param name="listener">The socket, or None.</param>
    /// <param name="bound">The endpoint with the actual port, with which to open the other sockets if the system chose the port.</param>
    /// <returns>Ok, or the error; Unsupported unless <see cref="CanShareSockets"/>.</returns>
    SocketStatus ListenShared(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        listener = SocketHandle.None;
        bound = default;
        return SocketStatus.Unsupported;
    }

    /// <summary>Accepts one pending connection.</summary>
    SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote);

    /// <summary>Starts to connect.</summary>
    /// <returns>
    /// Ok if connected at once; InProgress if the socket becomes writable when the attempt ends; otherwise the error, and no socket is left open. WouldBlock
    /// means that the backlog of a Unix listener is full. No event reports when it has room again, so try again after a pause.
    /// </returns>
    SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket);

    /// <summary>
    /// Returns the result of a connection attempt, once its socket is writable or failed; InProgress if the attempt has not ended. A failure is reported
    /// once. A socket that connected to itself counts as refused.
    /// </summary>
    SocketStatus FinishConnect(SocketHandle socket);

    /// <summary>Applies options to a connected or connecting socket.</summary>
    SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options);

    /// <summary>Receives the available bytes, up to the length of the buffer.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="buffer">At least one byte.</param>
    SocketResult Receive(SocketHandle socket, Span<byte> buffer);

    /// <summary>Sends the segments in order; may stop anywhere.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="segments">1 to <see cref="SendSegment.MaxPerSend"/> segments of pinned memory, at least one byte together.</param>
    SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments);

    /// <summary>Tells the peer that nothing more will be sent (FIN); receiving continues.</summary>
    SocketStatus ShutdownSend(SocketHandle socket);

    /// <summary>Closes a socket. Called exactly once for each socket.</summary>
    /// <param name="socket">An open socket that is no longer registered with a poller.</param>
    /// <param name="reset">True discards unsent bytes and resets the connection (RST); false closes gracefully.</param>
    void Close(SocketHandle socket, bool reset);

    /// <summary>
    /// Removes the socket file of a Unix listener that this stack created, at the latest when the listener is closed; does nothing for other endpoints. Call
    /// this before the listener is closed.
    /// </summary>
    void RemoveUnixPath(in NetEndpoint endpoint);

    /// <summary>Minimum size of the buffer for <see cref="ReceiveDatagrams"/>, in bytes; a larger one takes more datagrams in one call.</summary>
    int MinDatagramBufferBytes => 0;

    /// <summary>Opens a UDP socket: bound to an endpoint, or connected to one.</summary>
    /// <param name="endpoint">A UDP endpoint with an IP address. To bind: port 0 lets the system choose, and <c>[::]</c> also receives from IPv4.</param>
    /// <param name="isConnected">
    /// False binds the socket to the endpoint; no other socket may have that port, unless both are shared. True connects it: it exchanges datagrams with that
    /// endpoint only, and a send or receive reports ConnectionRefused after the endpoint's machine said that the port is closed (ICMP).
    /// </param>
    /// <param name="options">The options. One that the system rejects is ignored.</param>
    /// <param name="socket">The socket, or None.</param>
    /// <param name="local">The local endpoint with the actual port.</param>
    SocketStatus OpenDatagram(
        in NetEndpoint endpoint, bool isConnected, in DatagramSocketOptions options, out SocketHandle socket, out NetEndpoint local)
    {
        socket = SocketHandle.None;
        local = default;
        return SocketStatus.Unsupported;
    }

    /// <summary>Receives the datagrams that wait, as far as there is room for them.</summary>
    /// <param name="socket">A datagram socket.</param>
    /// <param name="buffer">Receives their contents, which are not contiguous; at least <see cref="MinDatagramBufferBytes"/>.</param>
    /// <param name="datagrams">Receives one item for each; at least one.</param>
    /// <returns>
    /// Ok with the number of datagrams, at least 1, empty ones included; WouldBlock when none waits; or an error of the socket that earlier sends caused, such
    /// as ConnectionRefused, after which datagrams may still wait.
    /// </returns>
    SocketResult ReceiveDatagrams(SocketHandle socket, Span<byte> buffer, Span<IncomingDatagram> datagrams) => new(SocketStatus.Unsupported, 0);

    /// <summary>Sends datagrams in order.</summary>
    /// <param name="socket">A datagram socket.</param>
    /// <param name="datagrams">At least one. Consecutive ones to the same receiver, of the same length, are the cheapest.</param>
    /// <returns>
    /// Ok with the number of datagrams that are done: sent, or dropped because of an error of their own. WouldBlock, with a count of 0, when the kernel has no
    /// room for the first. Another status, with a count of 0, is the error of the first one alone; skip it and go on with the next: MessageTooLong when it does
    /// not fit the path, AccessDenied when a firewall forbids it, ConnectionRefused when the peer's port is closed, NoBuffers when the device's queue is full.
    /// </returns>
    SocketResult SendDatagrams(SocketHandle socket, ReadOnlySpan<OutgoingDatagram> datagrams) => new(SocketStatus.Unsupported, 0);

    /// <summary>Returns the number of datagrams that the kernel has dropped because the receive buffer of the socket was full; 0 if it does not say.</summary>
    long CountDroppedDatagrams(SocketHandle socket) => 0;

    /// <summary>Returns the process that holds an endpoint, for error texts: "process 4711 (dotnet)"; null when unknown.</summary>
    string? FindHolder(in NetEndpoint endpoint);
}
