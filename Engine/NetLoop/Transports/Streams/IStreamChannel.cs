namespace NetLoop.Transports.Streams;

/// <summary>Transfers a connection's plain bytes over its socket, unchanged or encrypted.</summary>
/// <remarks>
/// Thread: loop. A channel with state belongs to one connection; one without state is shared. The default of each member is what a channel without
/// state needs.
/// </remarks>
internal interface IStreamChannel
{
    /// <summary>Whether plain bytes can be sent and received: the channel's own handshake is done, or it has none.</summary>
    bool IsOpen => true;

    /// <summary>Nanoseconds that the handshake may take.</summary>
    long HandshakeTimeout => 0;

    /// <summary>What the handshake is called, for people.</summary>
    string HandshakeName => "handshake";

    /// <summary>The channel that the connection uses once this one is open.</summary>
    IStreamChannel Then => this;

    /// <summary>The address of the client that a proxy in front has named during the handshake; the default value if it has not.</summary>
    NetEndpoint ClientAddress => default;

    /// <summary>Whether this side answers the handshake.</summary>
    bool AnswersHandshake => false;

    /// <summary>Whether another receive may return plain bytes although the last one returned fewer than there was room for.</summary>
    bool MayHaveMore => false;

    /// <summary>Whether it holds plain bytes that it has received: the poller cannot report them.</summary>
    bool HoldsInput => false;

    /// <summary>Whether it holds bytes of its own that the socket has not taken yet.</summary>
    bool HoldsOutput => false;

    /// <summary>Whether the peer ended the stream without saying that it had sent everything.</summary>
    bool IsTruncated => false;

    /// <summary>Why it failed, for people; null if the status of the socket says it.</summary>
    string? FailureText => null;

    /// <summary>Blocks of the pool it holds.</summary>
    int LeaseCount => 0;

    /// <summary>Who the peer proved to be during the handshake; null for a channel without one.</summary>
    TlsPeer? Peer => null;

    /// <summary>Begins or continues the handshake.</summary>
    /// <returns>Ok when it is done or the peer ended the stream (<see cref="IsOpen"/> says which); WouldBlock until the peer has sent more.</returns>
    SocketStatus Open(SocketHandle socket) => SocketStatus.Ok;

    /// <summary>Receives plain bytes.</summary>
    /// <returns>As <see cref="INetworkStack.Receive"/>: 0 bytes are the end of the stream.</returns>
    SocketResult Receive(SocketHandle socket, Span<byte> room);

    /// <summary>Sends as many plain bytes as the socket takes now.</summary>
    /// <param name="socket">The connection's.</param>
    /// <param name="segments">Begin with the bytes that an earlier call did not report as sent.</param>
    /// <returns>As <see cref="INetworkStack.Send"/>: fewer bytes than offered mean that the socket takes no more now.</returns>
    SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments);

    /// <summary>Sends what it holds of its own.</summary>
    SocketStatus Flush(SocketHandle socket) => SocketStatus.Ok;

    /// <summary>Ends the sending direction, once everything is sent.</summary>
    void EndSending(SocketHandle socket);

    /// <summary>Returns all memory. The channel is not used again, unless it is shared.</summary>
    void Release()
    {
    }
}
