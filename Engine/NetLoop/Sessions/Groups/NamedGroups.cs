#pragma warning disable CA1710 // The name says what it contains.

using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>
/// The named groups of a server, such as rooms. A group exists while it has members: it is created for the first one and removed with the last.
/// </summary>
/// <remarks>Thread: any; see <see cref="SessionGroup"/> for when calls take effect.</remarks>
public sealed class NamedGroups : IReadOnlyCollection<SessionGroup>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SessionGroup> _groups = [];
    private readonly Func<string, NamedGroups, SessionGroup> _create;

    internal NamedGroups(Func<string, NamedGroups, SessionGroup> create) => _create = create;

    /// <summary>Number of groups.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _groups.Count;
            }
        }
    }

    /// <summary>
    /// Adds a session to the group with a name, which is created if it does not exist. Does nothing if the session is a member already, or closed.
    /// </summary>
    /// <returns>The group.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the session does not belong to the server.</exception>
    public SessionGroup Add(string name, Session session)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(session);
        SessionGroup? group;
        lock (_gate)
        {
            bool isThere = _groups.TryGetValue(name, out group);
            group ??= _create(name, this);
            group.RequiredPartOf(session);
            group.Joining++;
            group.IsRegistered = true;
            if (!isThere)
            {
                _groups.Add(name, group);
            }
        }

        group.RequiredPartOf(session).Add(session);
        return group;
    }

    /// <summary>Removes a session from the group with a name. Does nothing if it is not a member.</summary>
    public void Remove(string name, Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Find(name)?.Remove(session);
    }

    /// <summary>Returns the group with a name; null if there is none.</summary>
    public SessionGroup? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_gate)
        {
            return _groups.GetValueOrDefault(name);
        }
    }

    /// <summary>Returns whether there is a group with a name, and the group.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out SessionGroup? group) => (group = Find(name)) is not null;

    /// <summary>Sends a message to all members of the group with a name, except some sessions.</summary>
    /// <param name="name">The name of the group. If there is no such group, nothing is sent.</param>
    /// <param name="message">Encoded once.</param>
    /// <param name="except">The sessions that do not get the message; they need not be members.</param>
    /// <returns>Sent, even if some members are slow consumers and are closed for it; TooLarge or Overflow if the message could not be encoded.</returns>
    public SendStatus Broadcast<T>(string name, in T message, params ReadOnlySpan<Session> except)
        where T : INetMessage<T> => Find(name)?.Broadcast(in message, except) ?? SendStatus.Sent;

    /// <summary>Enumerates a copy of the groups, so groups may be created and removed during the enumeration.</summary>
    public IEnumerator<SessionGroup> GetEnumerator()
    {
        lock (_gate)
        {
            return ((IEnumerable<SessionGroup>)[.. _groups.Values]).GetEnumerator();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Called when a session that was added to a group has become a member or has failed to.</summary>
    internal void OnJoined(SessionGroup group)
    {
        lock (_gate)
        {
            group.Joining--;
        }

        RemoveIfEmpty(group);
    }

    /// <summary>Removes a group without members, unless a session is about to join it.</summary>
    internal void RemoveIfEmpty(SessionGroup group)
    {
        lock (_gate)
        {
            if (group is { IsRegistered: true, Joining: 0, Count: 0 })
            {
                group.IsRegistered = false;
                _groups.Remove(group.Name);
            }
        }
    }
}
