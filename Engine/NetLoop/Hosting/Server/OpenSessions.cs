#pragma warning disable CA1710 // The name says what it contains.

using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>All open sessions of a server, including those of raw listeners.</summary>
/// <remarks>Thread: any. While loops open and close sessions, counts and copies may be slightly out of date.</remarks>
public sealed class OpenSessions : IReadOnlyCollection<Session>
{
    private const int FirstCapacity = 64;

    private readonly Lock _gate = new();

    // Open addressing by the session's id, at most half full. Ids are consecutive, so nearly every session is in its own slot.
    private Session?[] _table = new Session?[FirstCapacity];
    private int _count;

    internal OpenSessions()
    {
    }

    /// <summary>Number of sessions.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Returns the open session with a number; null if there is none.</summary>
    public Session? Find(ulong id)
    {
        lock (_gate)
        {
            return _table[IndexOf(id)];
        }
    }

    /// <summary>Returns whether a session with a number is open, and the session.</summary>
    public bool TryFind(ulong id, [NotNullWhen(true)] out Session? session) => (session = Find(id)) is not null;

    /// <summary>Replaces the contents of a list with the sessions. Reusing a list saves the copy that <c>foreach</c> makes.</summary>
    public void CopyTo(List<Session> sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        sessions.Clear();
        lock (_gate)
        {
            foreach (Session? session in _table)
            {
                if (session is not null)
                {
                    sessions.Add(session);
                }
            }
        }
    }

    /// <summary>Enumerates a copy, so sessions may open and close during the enumeration.</summary>
    public IEnumerator<Session> GetEnumerator()
    {
        var sessions = new List<Session>(Count);
        CopyTo(sessions);
        return sessions.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds a session that has just opened. Thread: its loop.</summary>
    internal void Add(Session session)
    {
        lock (_gate)
        {
            if (2 * (_count + 1) > _table.Length)
            {
                Grow();
            }

            _table[IndexOf(session.Id)] = session;
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>Removes a session that has ended, if it ever opened. Thread: its loop.</summary>
    internal void Remove(Session session)
    {
        lock (_gate)
        {
            int free = IndexOf(session.Id);
            if (_table[free] != session)
            {
                return;
            }

            _table[free] = null;
            Volatile.Write(ref _count, _count - 1);

            // Sessions after it that were not in their own slot may move there now, or nearer to it.
            int mask = _table.Length - 1;
            for (int next = (free + 1) & mask; _table[next] is { } moved; next = (next + 1) & mask)
            {
                _table[next] = null;
                _table[IndexOf(moved.Id)] = moved;
            }
        }
    }

    /// <summary>The slot of a session, or the free slot where it would be.</summary>
    private int IndexOf(ulong id)
    {
        int mask = _table.Length - 1;
        int index = (int)id & mask;
        while (_table[index] is { } other && other.Id != id)
        {
            index = (index + 1) & mask;
        }

        return index;
    }

    private void Grow()
    {
        Session?[] old = _table;
        _table = new Session?[2 * old.Length];
        foreach (Session? session in old)
        {
            if (session is not null)
            {
                _table[IndexOf(session.Id)] = session;
            }
        }
    }
}
