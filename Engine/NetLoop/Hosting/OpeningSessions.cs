namespace NetLoop.Hosting;

/// <summary>Sessions that have not said Hello yet, oldest first. Beyond the limit the oldest is closed, so that idlers cannot keep others out.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class OpeningSessions(int max)
{
    private readonly LinkedList<Session> _sessions = new();

    public int Count => _sessions.Count;

    public void Add(Session session)
    {
        session.OpeningPlace = _sessions.AddLast(session);
        if (_sessions.Count > max)
        {
            _sessions.First!.Value.End(CloseReason.HandshakeTimeout, "Too many connections are opening; this one waited longest.");
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

    public void EndAll(CloseReason reason, string text)
    {
        while (_sessions.First is { } first)
        {
            first.Value.End(reason, text);
        }
    }
}
