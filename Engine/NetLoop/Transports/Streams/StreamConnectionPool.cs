namespace NetLoop.Transports.Streams;

/// <summary>The objects of one loop's stream connections: one that is over, or parked, leaves its object to another.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class StreamConnectionPool
{
    private readonly Stack<StreamConnection> _spare = new();

    public StreamConnectionPool(ConnectionSet set)
    {
        Set = set;
        Plain = new PlainChannel(set.Stack);
    }

    /// <summary>Whose connections they are.</summary>
    public ConnectionSet Set { get; }

    /// <summary>The channel of all that are not encrypted.</summary>
    public IStreamChannel Plain { get; }

    public StreamConnection Take() => _spare.TryPop(out StreamConnection? connection) ? connection : new StreamConnection(this);

    public void Return(StreamConnection connection) => _spare.Push(connection);
}
