using NetLoop.Diagnostics;

namespace NetLoop.Sessions;

/// <summary>All sessions of one loop that are not over, in no order, including those that are opening, raw or parked.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class SessionList
{
    private readonly List<Session> _sessions = [];

    public int Count => _sessions.Count;

    /// <summary>The sessions; valid until a session is added or removed.</summary>
    public IReadOnlyList<Session> All => _sessions;

    /// <summary>Adds a session that is not over, unless it is already in the list.</summary>
    public void Add(Session session)
    {
        if (session.Place < 0)
        {
            session.Place = _sessions.Count;
            _sessions.Add(session);
        }
    }

    /// <summary>Removes a session that is over, if it is in the list; the last session takes its index.</summary>
    public void Remove(Session session)
    {
        if (session.Place < 0)
        {
            return;
        }

        Invariant.Holds(_sessions[session.Place] == session);
        Session last = _sessions[^1];
        _sessions[session.Place] = last;
        last.Place = session.Place;
        _sessions.RemoveAt(_sessions.Count - 1);
        session.Place = -1;
    }
}
