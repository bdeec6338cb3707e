using NetLoop;

namespace Tag;

/// <summary>
/// A game of tag on a line of 100 fields. One player is "it" and tags another by coming close. The first player starts as "it"; when "it" leaves, the player
/// who joined first among the others becomes "it".
/// </summary>
/// <remarks>All rules are here, and nothing here uses sockets or clocks, so a simulation can run years of the game.</remarks>
public sealed class TagModule(NetServer server) : IHandlerModule
{
    /// <summary>Greatest speed, in fields a second.</summary>
    public const int MaxSpeed = 10;

    /// <summary>Length of the field.</summary>
    public const double Length = 100;

    /// <summary>Distance at which "it" tags another player.</summary>
    private const double Reach = 1;

    /// <summary>How long a player who was tagged cannot tag back, in seconds.</summary>
    private const double Rest = 1;

    private readonly List<Player> _players = [];
    private Player? _it;
    private double _restLeft;

    public void Register(HandlerTable handlers)
    {
        handlers.OnOpened(Enter);
        handlers.OnClosed((session, info) => Leave(session));
        handlers.On<Run>((session, run) => PlayerOf(session).Speed = run.Speed);
        server.OnTick(tick => Step(tick.Delta.TotalSeconds));
    }

    private static Player PlayerOf(Session session) => (Player)session.UserData!;

    private void Enter(Session session)
    {
        // New players start as far from "it" as possible.
        var player = new Player(session.Id) { Position = _it is { Position: < Length / 2 } ? Length : 0 };
        session.UserData = player;
        _players.Add(player);
        _it ??= player;
    }

    private void Leave(Session session)
    {
        _players.Remove(PlayerOf(session));
        if (_it == PlayerOf(session))
        {
            _it = _players.FirstOrDefault();
        }
    }

    private void Step(double seconds)
    {
        foreach (Player player in _players)
        {
            player.Position = Math.Clamp(player.Position + (player.Speed * seconds), 0, Length);
        }

        _restLeft = Math.Max(0, _restLeft - seconds);
        if (_it is not null && _restLeft == 0 && _players.Find(player => player != _it && Math.Abs(player.Position - _it.Position) < Reach) is { } tagged)
        {
            _it = tagged;
            _restLeft = Rest;
        }

        if (_it is not null)
        {
            server.Broadcast(new Field([.. _players.Select(player => new Runner(player.Id, player.Position))], _it.Id));
        }
    }

    private sealed class Player(ulong id)
    {
        public ulong Id { get; } = id;

        public int Speed { get; set; }

        public double Position { get; set; }
    }
}
