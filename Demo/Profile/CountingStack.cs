namespace NetLoop.Demo.Profile;

/// <summary>A network stack that counts its calls. It is a wrapper, so that a server without --profile has no extra cost.</summary>
internal sealed class CountingStack(INetworkStack inner, CallCounts calls) : INetworkStack
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public int MaxSockets => inner.MaxSockets;

    /// <inheritdoc/>
    public int CountOpenDescriptors() => inner.CountOpenDescriptors();

    /// <inheritdoc/>
    public int DescriptorsLeft(SocketHandle newest) => inner.DescriptorsLeft(newest);

    /// <inheritdoc/>
    public IPoller CreatePoller(PollerKind kind) => new CountingPoller(inner.CreatePoller(kind), calls);

    /// <inheritdoc/>
    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        calls.Count(StackCall.Other);
        return inner.Listen(endpoint, backlog, out listener, out bound);
    }

    /// <inheritdoc/>
    public bool CanShareSockets => inner.CanShareSockets;

    /// <inheritdoc/>
    public SocketStatus ListenShared(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound)
    {
        calls.Count(StackCall.Other);
        return inner.ListenShared(endpoint, backlog, out listener, out bound);
    }

    /// <inheritdoc/>
    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote)
    {
        calls.Count(StackCall.Accept);
        return inner.Accept(listener, out socket, out remote);
    }

    /// <inheritdoc/>
    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket)
    {
        calls.Count(StackCall.Other);
        return inner.Connect(remote, out socket);
    }

    /// <inheritdoc/>
    public SocketStatus FinishConnect(SocketHandle socket)
    {
        calls.Count(StackCall.Other);
        return inner.FinishConnect(socket);
    }

    /// <inheritdoc/>
    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options)
    {
        calls.Count(StackCall.Configure);
        return inner.Configure(socket, options);
    }

    /// <inheritdoc/>
    public SocketResult Receive(SocketHandle socket, Span<byte> buffer)
    {
        calls.Count(StackCall.Receive);
        return inner.Receive(socket, buffer);
    }

    /// <inheritdoc/>
    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        calls.Count(StackCall.Send);
        return inner.Send(socket, segments);
    }

    /// <inheritdoc/>
    public int MinDatagramBufferBytes => inner.MinDatagramBufferBytes;

    /// <inheritdoc/>
    public SocketStatus OpenDatagram(
        in NetEndpoint endpoint, bool isConnected, in DatagramSocketOptions options, out SocketHandle socket, out NetEndpoint local)
    {
        calls.Count(StackCall.Other);
        return inner.OpenDatagram(endpoint, isConnected, options, out socket, out local);
    }

    /// <inheritdoc/>
    public SocketResult ReceiveDatagrams(SocketHandle socket, Span<byte> buffer, Span<IncomingDatagram> datagrams)
    {
        calls.Count(StackCall.Receive);
        return inner.ReceiveDatagrams(socket, buffer, datagrams);
    }

    /// <inheritdoc/>
    public SocketResult SendDatagrams(SocketHandle socket, ReadOnlySpan<OutgoingDatagram> datagrams)
    {
        calls.Count(StackCall.Send);
        return inner.SendDatagrams(socket, datagrams);
    }

    /// <inheritdoc/>
    public long CountDroppedDatagrams(SocketHandle socket) => inner.CountDroppedDatagrams(socket);

    /// <inheritdoc/>
    public SocketStatus ShutdownSend(SocketHandle socket)
    {
        calls.Count(StackCall.Other);
        return inner.ShutdownSend(socket);
    }

    /// <inheritdoc/>
    public void Close(SocketHandle socket, bool reset)
    {
        calls.Count(StackCall.Close);
        inner.Close(socket, reset);
    }

    /// <inheritdoc/>
    public void RemoveUnixPath(in NetEndpoint endpoint) => inner.RemoveUnixPath(endpoint);

    /// <inheritdoc/>
    public string? FindHolder(in NetEndpoint endpoint) => inner.FindHolder(endpoint);
}
