using System.Diagnostics;

namespace NetLoop.Demo.Arena;

/// <summary>The Arena game as a module of a server. Each session that joins controls an entity, and each tick sends it the entities near its own.</summary>
/// <remarks>Thread: the one that runs the server's handlers, except the two counters, which any thread may read.</remarks>
internal sealed class ArenaModule(int tickRate, int seed) : IHandlerModule
{
    private readonly List<Player> _players = [];
    private readonly List<NearbyEntity> _near = new(ArenaRules.MaxNearby);
    private long _misordered;
    private long _skipped;

    /// <summary>The world, for spectators.</summary>
    public World World { get; } = new(seed, tickRate);

    /// <summary>The players, in no order.</summary>
    public IReadOnlyList<Player> Players => _players;

    /// <summary>Gives each player's entity a mark, for spectators; null for none.</summary>
    public Func<Session, byte>? MarkOf { get; set; }

    /// <summary>How long the handler of each steering message computes: zero, except to show what a slow handler does.</summary>
    public TimeSpan HandlerCost { get; set; }

    /// <summary>Number of steering messages that arrived twice or out of order, which no transport allows.</summary>
    public long Misordered => Volatile.Read(ref _misordered);

    /// <summary>Number of steering messages that never arrived, because a network lost them or a newer one replaced them. They are sent for that.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <inheritdoc/>
    public void Register(HandlerTable handlers)
    {
        handlers.On<Join>((session, in _) => Enter(session));
        handlers.On<Steer>(Steer);
        handlers.OnClosed((session, _) => Leave(session));
    }

    /// <summary>Moves all entities and sends each player a snapshot. Called once a tick.</summary>
    public void Step()
    {
        World.Step();
        foreach (Player player in _players)
        {
            // One list for all players: a message is encoded before Send returns.
            Entity entity = player.Entity;
            World.FindNear(entity, _near);
            player.Session.Send(new Nearby(World.Tick, entity.Acknowledged, entity.Position.X, entity.Position.Y, _near));
        }
    }

    private void Enter(Session session)
    {
        if (session.UserData is not null)
        {
            return;
        }

        Entity entity = World.Enter(MarkOf?.Invoke(session) ?? 0);
        var player = new Player(session, entity, _players.Count);
        _players.Add(player);
        session.UserData = player;
        session.Send(new Entered(entity.Id, World.Tick, World.TickRate, entity.Position.X, entity.Position.Y));
    }

    private void Leave(Session session)
    {
        if (session.UserData is Player player)
        {
            World.Leave(player.Entity);
            _players[^1].Slot = player.Slot;
            _players[player.Slot] = _players[^1];
            _players.RemoveAt(_players.Count - 1);
            session.UserData = null;
        }
    }

    private void Steer(Session session, in Steer steer)
    {
        if (session.UserData is Player player)
        {
            if (player.Entity.TrySteer(steer, out uint skipped))
            {
                _skipped += skipped;
            }
            else
            {
                _misordered++;
            }

            for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < HandlerCost;)
            {
                Thread.SpinWait(1);
            }
        }
    }
}
