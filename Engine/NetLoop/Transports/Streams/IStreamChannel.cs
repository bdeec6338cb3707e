namespace NetLoop.Transports.Streams;

/// <summary>Transfers a connection's plain bytes over its socket, unchanged or encrypted.</summary>
/// <remarks>Thread: loop. A channel with state belongs to one connection; one without state may be shared.</remarks>
internal interface IStreamChannel
{
    /// <summary>Receives plain bytes.</summary>
    /// <returns>As <see cref="INetworkStack.Receive"/>: 0 bytes are the end of the stream.</returns>
    SocketResult Receive(SocketHandle socket, Span<byte> room);

    /// <summary>Sends as many plain bytes as the socket takes now.</summary>
    /// <returns>As <see cref="INetworkStack.Send"/>: fewer bytes than offered mean that the socket takes no more now.</returns>
    SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments);

    /// <summary>Ends the sending direction.</summary>
    void EndSending(SocketHandle socket);
}
