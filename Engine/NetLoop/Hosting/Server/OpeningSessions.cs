namespace NetLoop.Hosting.Server;

/// <summary>
/// Sessions that have not sent Hello yet or wait for the response, oldest first. Beyond the limits the oldest are closed, so that idle peers cannot keep
/// others out.
/// </summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class OpeningSessions(int max, int maxBytes)
{
    /// <summary>
    /// Upper bound of the memory that one opening session can pin: an upgrade's head of 16 KiB, a Hello of 4 KiB, a pong of 256 bytes, and 32 KiB for a TLS
    /// record.
    /// </summary>
    public const int MostBytesOfOne = (52 * 1024) + 256;

    private readonly LinkedList<Session> _sessions = new();

    public int Count => _sessions.Count;

    /// <summary>Memory of their input.</summary>
    public long HeldBytes
    {
        get
        {
            long held = 0;
            for (LinkedListNode<Session>? node = _sessions.First; node is not null; node = node.Next)
            {
                held += node.Value.HeldBlockBytes;
            }

            return held;
        }
    }

    public void Add(Session session)
    {
        session.OpeningPlace = _sessions.AddLast(session);
        if (_sessions.Count > max)
        {
            _sessions.First!.Value.End(CloseReason.ServerFull, "Too many connections are opening; this one waited longest.");
        }
    }

    public void Remove(Session session)
    {
        if (session.OpeningPlace is { } place)
        {
            session.OpeningPlace = null;
            _sessions.Remove(place);
        }
    }

    /// <summary>Closes the oldest of those that hold memory until the total is within the limit. Called after each iteration.</summary>
    public void EndThoseBeyondMemory()
    {
        // A small number of sessions cannot exceed the limit, so there is nothing to add up.
        if ((long)_sessions.Count * MostBytesOfOne <= maxBytes)
        {
            return;
        }

        long held = HeldBytes;
        LinkedListNode<Session>? node = _sessions.First;
        while (node is not null && held > maxBytes)
        {
            Session session = node.Value;
            node = node.Next;
            if (session.HeldBlockBytes > 0)
            {
                held -= session.HeldBlockBytes;
                session.End(CloseReason.ServerFull, "Connections that are opening hold too much memory; this one waited longest.");
            }
        }
    }

    public void EndAll(CloseReason reason, string text)
    {
        while (_sessions.First is { } first)
        {
            first.Value.End(reason, text);
        }
    }
}
