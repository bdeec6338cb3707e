namespace NetLoop.Transports.Streams;

/// <summary>A channel that sends and receives bytes unchanged.</summary>
internal sealed class PlainChannel(INetworkStack stack) : IStreamChannel
{
    public SocketResult Receive(SocketHandle socket, Span<byte> room) => stack.Receive(socket, room);

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments) => stack.Send(socket, segments);

    public void EndSending(SocketHandle socket) => stack.ShutdownSend(socket);
}
