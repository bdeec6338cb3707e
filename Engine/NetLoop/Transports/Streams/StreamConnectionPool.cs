namespace NetLoop.Transports.Streams;

/// <summary>The connection objects of one loop: the object of a closed or parked connection serves another connection.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class StreamConnectionPool
{
    private readonly Stack<StreamConnection> _spare = new();

    public StreamConnectionPool(ConnectionSet set)
    {
        Set = set;
        Plain = new PlainChannel(set.Stack);
    }

    /// <summary>The set of the loop's connections.</summary>
    public ConnectionSet Set { get; }

    /// <summary>The channel of all connections that are not encrypted.</summary>
    public IStreamChannel Plain { get; }

    public StreamConnection Take() => _spare.TryPop(out StreamConnection? connection) ? connection : new StreamConnection(this);

    public void Return(StreamConnection connection) => _spare.Push(connection);
}
