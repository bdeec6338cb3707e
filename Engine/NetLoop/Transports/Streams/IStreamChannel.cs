namespace NetLoop.Transports.Streams;

/// <summary>Carries a connection's plain bytes over its socket, as they are or encrypted.</summary>
/// <remarks>Thread: loop. One that keeps state belongs to one connection; one that keeps none may be shared.</remarks>
internal interface IStreamChannel
{
    /// <summary>Receives plain bytes.</summary>
    /// <returns>As <see cref="INetworkStack.Receive"/>: 0 bytes are the end of the stream.</returns>
    SocketResult Receive(SocketHandle socket, Span<byte> room);

    /// <summary>Sends plain bytes, as many as go out at once.</summary>
    /// <returns>As <see cref="INetworkStack.Send"/>: fewer bytes than offered mean that the peer takes no more.</returns>
    SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments);

    /// <summary>Says that nothing more will be sent.</summary>
    void EndSending(SocketHandle socket);
}
