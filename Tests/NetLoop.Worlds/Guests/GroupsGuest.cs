namespace NetLoop.Worlds.Guests;

/// <summary>Groups: a note reaches each member exactly once and in order, and nobody else, whatever thread sends it.</summary>
internal sealed class GroupsGuest(World world, SeededRandom random) : Guest(world, random)
{
    private const int Groups = 3;
    private const int Stretches = 25;

    private readonly HandlerTable _handlers = new();
    private readonly Dictionary<ulong, Session> _sessions = [];
    private readonly List<SessionGroup> _groups = [];
    private readonly List<HashSet<ulong>> _members = [];
    private readonly Dictionary<ulong, List<long>> _expected = [];
    private readonly Dictionary<ulong, List<long>> _received = [];
    private long _note;

    public override void Configure(NetServerOptions o) => o.Listen(Listener(0), ConfigureListener);

    public override void Register(NetServer server)
    {
        _groups.Clear();
        _members.Clear();
        for (int i = 0; i < Groups; i++)
        {
            _groups.Add(server.CreateGroup());
            _members.Add([]);
        }
    }

    public override void OnOpened(Session session)
    {
        _sessions.Add(session.Id, session);
        _expected.Add(session.Id, []);
    }

    public override void OnClosed(Session session, CloseInfo info)
    {
        // A closed session leaves its groups by itself.
        _sessions.Remove(session.Id);
        _members.ForEach(members => members.Remove(session.Id));
    }

    protected override void Play() => Play(async () =>
    {
        _handlers.On<Note>((session, in note) => _received[session.Id].Add(note.Number));
        List<NetClient> clients = [];
        for (int i = Random.Between(3, 8); i > 0; i--)
        {
            clients.Add(await OpenAsync().ConfigureAwait(true));
        }

        for (int i = 0; i < Stretches; i++)
        {
            // Calls of one thread keep their order. All of them are carried out before another thread makes calls.
            if (Random.Chance(0.5))
            {
                OnServer(CallSome);
            }
            else
            {
                FromElsewhere(() =>
                {
                    CallSome();
                    return true;
                });
            }

            bool isCarriedOut = false;
            OnServer(() => isCarriedOut = true);
            Require(await UntilAsync(() => isCarriedOut).ConfigureAwait(true), $"the server does not run what was posted");
            if (Random.Chance(0.15))
            {
                NetClient leaver = clients[Random.Next(clients.Count)];
                await LeaveAsync(leaver).ConfigureAwait(true);
                clients.Remove(leaver);
                clients.Add(await OpenAsync().ConfigureAwait(true));
            }
        }

        OnServer(
            () => Require(
                _groups.Select(static group => group.Count).SequenceEqual(_members.Select(static members => members.Count)),
                $"groups have {string.Join(',', _groups.Select(static group => group.Count))} members, and "
                    + $"{string.Join(',', _members.Select(static members => members.Count))} joined"));
        foreach (NetClient client in clients)
        {
            await LeaveAsync(client).ConfigureAwait(true);
        }

        OnServer(
            () => Require(
                _groups.TrueForAll(static group => group.Count == 0),
                $"groups have {string.Join(',', _groups.Select(static group => group.Count))} members when everybody has left"));
        await PauseAsync(100).ConfigureAwait(true);
    });

    private async Task<NetClient> OpenAsync()
    {
        NetClient client = Hosts.Clients.Dial(Listener(0), _handlers);
        await client.Opened.ConfigureAwait(true);
        ulong id = client.Session.Id;
        _received.Add(id, []);
        Require(await UntilAsync(() => _sessions.ContainsKey(id)).ConfigureAwait(true), $"session {id} is open at its client only");
        return client;
    }

    /// <summary>Leaves once it has received every note that it must receive.</summary>
    private async Task LeaveAsync(NetClient client)
    {
        ulong id = client.Session.Id;
        await UntilAsync(() => _received[id].Count >= _expected[id].Count).ConfigureAwait(true);
        Require(
            _received[id].SequenceEqual(_expected[id]),
            $"session {id} has heard {string.Join(',', _received[id])} instead of {string.Join(',', _expected[id])}");
        client.Session.Close();
        await client.Closed.ConfigureAwait(true);
        Require(await UntilAsync(() => !_sessions.ContainsKey(id)).ConfigureAwait(true), $"session {id} is still open at the server");
        await PauseAsync(20).ConfigureAwait(true);
    }

    private void CallSome()
    {
        for (int count = Random.Between(1, 12); count > 0; count--)
        {
            int index = Random.Next(Groups);
            Session[] sessions = [.. _sessions.Values];
            Session session = sessions[Random.Next(sessions.Length)];
            switch (Random.Next(6))
            {
                case 0 or 1:
                    _groups[index].Add(session);
                    _members[index].Add(session.Id);
                    break;

                case 2:
                    _groups[index].Remove(session);
                    _members[index].Remove(session.Id);
                    break;

                case 3:
                    Require(session.Send(new Note(++_note)) == SendStatus.Sent, $"note {_note} to session {session.Id} is not sent");
                    _expected[session.Id].Add(_note);
                    break;

                default:
                    Require(_groups[index].Broadcast(new Note(++_note)) == SendStatus.Sent, $"note {_note} to group {index} is not sent");
                    foreach (ulong member in _members[index])
                    {
                        _expected[member].Add(_note);
                    }

                    break;
            }
        }
    }
}

/// <summary>A message to a group.</summary>
[NetMessage(1030)]
internal readonly partial record struct Note([property: Key(0)] long Number);
