namespace NetLoop.Transports.Streams;

/// <summary>Transfers a connection's plain bytes over its socket, unchanged or encrypted.</summary>
/// <remarks>
/// Thread: loop. A channel with state belongs to one connection; one without state is shared. The defaults of the members fit a channel without
/// state.
/// </remarks>
internal interface IStreamChannel
{
    /// <summary>Whether plain bytes can be sent and received: the channel's own handshake is done, or it has none.</summary>
    bool IsOpen => true;

    /// <summary>Nanoseconds that the handshake may take.</summary>
    long HandshakeTimeout => 0;

    /// <summary>The name of the handshake, for people.</summary>
    string HandshakeName => "handshake";

    /// <summary>The client's address, if a proxy in front has named it in the handshake; otherwise the default value.</summary>
    NetEndpoint ClientAddress => default;

    /// <summary>Whether this side answers the handshake.</summary>
    bool AnswersHandshake => false;

    /// <summary>Whether another receive may return plain bytes although the last one did not fill its buffer.</summary>
    bool MayHaveMore => false;

    /// <summary>Whether it holds received plain bytes, which the poller cannot report.</summary>
    bool HoldsInput => false;

    /// <summary>Whether it holds bytes to send that the socket has not accepted yet.</summary>
    bool HoldsOutput => false;

    /// <summary>Whether the stream ended without the peer's end message, so that bytes may be missing.</summary>
    bool IsTruncated => false;

    /// <summary>Why it failed, for people; null if the status of the socket is the reason.</summary>
    string? FailureText => null;

    /// <summary>Memory that its input occupies outside the pool, in bytes.</summary>
    int HeldBlockBytes => 0;

    /// <summary>Number of blocks that it holds of the pool.</summary>
    int LeaseCount => 0;

    /// <summary>The identity that the peer proved in the handshake; null for a channel without a handshake.</summary>
    TlsPeer? Peer => null;

    /// <summary>Begins or continues the handshake.</summary>
    /// <returns>Ok when it is done or the peer ended the stream (<see cref="IsOpen"/> says which); WouldBlock until the peer has sent more.</returns>
    SocketStatus Open(SocketHandle socket) => SocketStatus.Ok;

    /// <summary>Hands the connection over once the handshake is done.</summary>
    /// <returns>The channel that the connection uses from now on, which the caller releases instead of this one.</returns>
    IStreamChannel HandOver() => this;

    /// <summary>Receives plain bytes.</summary>
    /// <returns>As <see cref="INetworkStack.Receive"/>: 0 bytes are the end of the stream.</returns>
    SocketResult Receive(SocketHandle socket, Span<byte> room);

    /// <summary>Sends as many plain bytes as the socket accepts now.</summary>
    /// <param name="socket">The connection's socket.</param>
    /// <param name="segments">The bytes, beginning with those that an earlier call did not report as sent.</param>
    /// <returns>As <see cref="INetworkStack.Send"/>: fewer bytes than offered mean that the socket accepts no more now.</returns>
    SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments);

    /// <summary>Sends the bytes that it holds.</summary>
    SocketStatus Flush(SocketHandle socket) => SocketStatus.Ok;

    /// <summary>Ends the sending direction, once everything is sent.</summary>
    void EndSending(SocketHandle socket);

    /// <summary>Returns all memory. The channel is not used again, unless it is shared.</summary>
    void Release()
    {
    }
}
