namespace NetLoop.Worlds;

/// <summary>A hostile host: raw sockets without an engine, each with a script.</summary>
internal sealed class Adversary : ISimulatedEvent
{
    private const long StepTime = 5_000_000;
    private const int MaxConnections = 600;

    private readonly World _world;
    private readonly SimulatedHost _host;
    private readonly SeededRandom _random;
    private readonly List<AttackConnection> _connections = [];
    private readonly AttackKind[] _kinds;

    // The next connection's script for each kind of attack. Writing a script costs more than checking whether one is needed, so it is kept until it is used.
    private readonly AttackScript?[] _next;
    private bool _isActive;

    public Adversary(World world, SimulatedHost host, SeededRandom random)
    {
        _world = world;
        _host = host;
        _random = random;
        int count = world.Settings.HasWebSocket ? Enum.GetValues<AttackKind>().Length : (int)AttackScript.FirstByWebSocket;
        _kinds = new AttackKind[random.Between(1, 4)];
        for (int i = 0; i < _kinds.Length; i++)
        {
            _kinds[i] = (AttackKind)random.Next(count);
        }

        _next = new AttackScript?[_kinds.Length];
    }

    /// <summary>The attacks that this host makes.</summary>
    public IReadOnlyList<AttackKind> Kinds => _kinds;

    public void Begin()
    {
        _isActive = true;
        _world.Network.Events.Schedule(_world.Network.Events.Now, this, 0);
    }

    /// <summary>Stops attacking; its connections are closed.</summary>
    public void Silence()
    {
        _isActive = false;
        foreach (AttackConnection connection in _connections)
        {
            connection.Close(reset: true);
        }

        _connections.Clear();
        _host.TakeBusy();
    }

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        if (!_isActive)
        {
            return;
        }

        for (int i = 0; i < _kinds.Length; i++)
        {
            Attack(_kinds[i], ref _next[i]);
        }

        for (int i = _connections.Count - 1; i >= 0; i--)
        {
            StepOne(i);
        }

        // The time it computes delays nobody but itself.
        _host.TakeBusy();
        _world.Network.Events.Schedule(_world.Network.Events.Now + StepTime, this, 0);
    }

    private void StepOne(int index)
    {
        AttackConnection connection = _connections[index];
        long now = _world.Network.Events.Now;
        connection.Step(now);
        if (connection.IsOver)
        {
            _connections.RemoveAt(index);
        }
        else if (_world.IsServerPunctual)
        {
            _world.Require(!connection.IsOverdue(now), "I5", $"the server has not ended an attack by {connection.Kind} in time");
        }
    }

    private void Attack(AttackKind kind, ref AttackScript? next)
    {
        if (kind == AttackKind.Vanishes && _random.Chance(0.002))
        {
            // Everything is gone: after a restart the machine knows nothing of its connections.
            foreach (AttackConnection connection in _connections)
            {
                connection.Vanish();
            }

            _connections.Clear();
            _host.CloseEverything(withoutAWord: true);
            return;
        }

        AttackScript script = next ??= AttackScript.For(kind, _world.Settings, _random);
        NetEndpoint target = kind >= AttackScript.FirstByWebSocket ? _world.Server.WebSocketEndpoint.ToTcp() : _world.Server.Endpoint;
        int mine = CountOf(kind);
        for (int i = 0; i < script.AtOnce && mine + i < script.Connections && _connections.Count < MaxConnections; i++)
        {
            SocketStatus status = _host.Stack.Connect(target, out SocketHandle socket);
            if (status is not (SocketStatus.Ok or SocketStatus.InProgress))
            {
                return;
            }

            _connections.Add(new AttackConnection(_world.Server, _host, kind, socket, script));
            next = null;
        }
    }

    private int CountOf(AttackKind kind)
    {
        int count = 0;
        foreach (AttackConnection connection in _connections)
        {
            count += connection.Kind == kind ? 1 : 0;
        }

        return count;
    }
}
