using NetLoop.Diagnostics;

namespace NetLoop.Sessions;

/// <summary>All sessions of one loop that are not over, in no order: opening ones, those of raw protocols and parked ones too.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class SessionList
{
    private readonly List<Session> _sessions = [];

    public int Count => _sessions.Count;

    /// <summary>The sessions; valid until one comes or goes.</summary>
    public IReadOnlyList<Session> All => _sessions;

    /// <summary>Adds one that is not over. One that is there stays.</summary>
    public void Add(Session session)
    {
        if (session.Place < 0)
        {
            session.Place = _sessions.Count;
            _sessions.Add(session);
        }
    }

    /// <summary>Takes one out that is over, if it is there; the last one takes its place.</summary>
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
