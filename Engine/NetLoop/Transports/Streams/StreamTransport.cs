namespace NetLoop.Transports.Streams;

/// <summary>Creates the stream connections of one listener or client, so that its sessions need not know of sockets and frames.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class StreamTransport(StreamConnectionPool pool, StreamProfile profile) : IParking
{
    /// <summary>Serves a socket that is connected.</summary>
    /// <param name="ownedSocket">Closed when this fails.</param>
    /// <param name="owner">The owner of the connection.</param>
    /// <param name="connection">Null when the poller cannot watch it.</param>
    public SocketStatus Accept(SocketHandle ownedSocket, IConnectionOwner owner, out Connection? connection)
    {
        StreamConnection stream = pool.Take();
        SocketStatus status = stream.Open(ownedSocket, owner, profile.CreateProtocol(isDialing: false), profile.Limits, profile.Channels?.Invoke());
        stream.MaxReceiveBytes = profile.FirstReceiveBytes;
        connection = status == SocketStatus.Ok ? stream : null;
        return status;
    }

    /// <summary>Serves a socket whose connection attempt is in progress.</summary>
    /// <inheritdoc cref="Accept"/>
    public SocketStatus Dial(SocketHandle ownedSocket, IConnectionOwner owner, out Connection? connection)
    {
        StreamConnection stream = pool.Take();
        SocketStatus status = stream.Dial(ownedSocket, owner, profile.CreateProtocol(isDialing: true), profile.Limits, profile.Channels?.Invoke());
        connection = status == SocketStatus.Ok ? stream : null;
        return status;
    }

    /// <inheritdoc/>
    public Connection Unpark(in ParkedConnection parked, IConnectionOwner owner)
    {
        StreamConnection stream = pool.Take();
        stream.Resume(parked, owner, profile.Shared, profile.Limits);
        return stream;
    }
}
