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
    /// <summary>A word for logs: linux, portable, simulated.</summary>
    string Name { get; }

    /// <summary>How many sockets the process may have open, or <see cref="int.MaxValue"/> when there is no limit to know.</summary>
    int MaxSockets { get; }

    /// <summary>
    /// How many descriptors the process has open now, whatever they are: what is left of <see cref="MaxSockets"/> is free. An estimate
    /// where it cannot be known.
    /// </summary>
    /// <remarks>Thread: any. Slow: for the start of a server.</remarks>
    int CountOpenDescriptors() => 0;

    /// <summary>
    /// At most how many descriptors the process can still open now that it has opened this socket; <see cref="int.MaxValue"/> where that is not known.
    /// A Unix system gives out the lowest free number, so everything below a socket's own is taken.
    /// </summary>
    /// <remarks>Thread: loop. Cheap: it is asked for each new socket.</remarks>
    int DescriptorsLeft(SocketHandle newest) => int.MaxValue;

    /// <summary>Makes a poller for sockets of this stack.</summary>
    /// <param name="kind">
    /// Auto is the best of the platform; a kind the platform lacks throws <see cref="PlatformNotSupportedException"/> that names those it
    /// has.
    /// </param>
    IPoller CreatePoller(PollerKind kind);

    /// <summary>Opens a listening socket: socket, options, bind, listen.</summary>
    /// <param name="endpoint">
    /// Where to listen; port 0 lets the system choose. The file of a Unix socket nobody listens on is replaced; a live one is AddressInUse.
    /// Of several that listen on one path at once, one succeeds.
    /// </param>
    /// <param name="backlog">Connections the kernel may hold before they are accepted.</param>
    /// <param name="listener">The socket, or None.</param>
    /// <param name="bound">The endpoint with the real port.</param>
    SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound);

    /// <summary>
    /// Whether several loops may share its sockets: any of them may serve what another one accepted, each loop from its own thread, and one port
    /// may have a listener for each (see <see cref="ListenShared"/>).
    /// </summary>
    bool CanShareSockets => false;

    /// <summary>Opens one of several listening sockets of the same TCP port, among which the system spreads new connections.</summary>
    /// <param name="endpoint">
    /// As for <see cref="Listen"/>; not a Unix endpoint. A port that a socket holds which was not opened by this call is AddressInUse.
    /// </param>
    /// <param name="backlog">Connections the kernel may hold before they are accepted.</param>
    /// <param name="listener">The socket, or None.</param>
    /// <param name="bound">The endpoint with the real port, for the other sockets of a port that the system chose.</param>
    /// <returns>Ok, or why not; Unsupported unless <see cref="CanShareSockets"/>.</returns>
    SocketStatus ListenShared(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        listener = SocketHandle.None;
        bound = default;
        return SocketStatus.Unsupported;
    }

    /// <summary>Takes one waiting connection.</summary>
    SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote);

    /// <summary>Starts to connect.</summary>
    /// <returns>
    /// Ok when connected at once; InProgress when the end is announced by writability; else why not, and no socket is left open. WouldBlock
    /// means that the queue of a Unix listener is full, which nothing announces: try again after a pause.
    /// </returns>
    SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket);

    /// <summary>
    /// Says how a connection attempt ended, once its socket is writable or failed; InProgress if it has not. A failure is told once. A socket
    /// that came to be connected to itself was refused.
    /// </summary>
    SocketStatus FinishConnect(SocketHandle socket);

    /// <summary>Applies options to a connected or connecting socket.</summary>
    SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options);

    /// <summary>Receives what is there, up to the buffer's length.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="buffer">At least one byte.</param>
    SocketResult Receive(SocketHandle socket, Span<byte> buffer);

    /// <summary>Sends the segments in order; may stop anywhere.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="segments">1 to <see cref="SendSegment.MaxPerSend"/> segments of pinned memory, at least one byte together.</param>
    SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments);

    /// <summary>Says to the peer that nothing more will be sent (FIN); receiving goes on.</summary>
    SocketStatus ShutdownSend(SocketHandle socket);

    /// <summary>Closes a socket. Called exactly once for each socket.</summary>
    /// <param name="socket">An open socket that is in no poller any more.</param>
    /// <param name="reset">True discards what is unsent and resets the connection (RST); false closes in order.</param>
    void Close(SocketHandle socket, bool reset);

    /// <summary>
    /// Removes the file of a Unix listener that this stack created, at the latest when that is closed; does nothing for other endpoints. To be called before
    /// its listener is closed.
    /// </summary>
    void RemoveUnixPath(in NetEndpoint endpoint);

    /// <summary>Says who holds an endpoint, for error texts: "process 4711 (dotnet)"; null when unknown.</summary>
    string? FindHolder(in NetEndpoint endpoint);
}
