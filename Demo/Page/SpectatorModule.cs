using System.Numerics;
using NetLoop.Demo.Arena;

namespace NetLoop.Demo.Page;

/// <summary>Sends the arena to pages, and handles their controls.</summary>
/// <param name="server">The server whose sessions watch.</param>
/// <param name="arena">The game that they watch.</param>
/// <param name="tickRate">Ticks a second.</param>
/// <param name="controls">Carries out what their controls ask for.</param>
/// <param name="history">The last minute, for pages that have just connected.</param>
/// <param name="board">The last events, also for those pages.</param>
/// <param name="controlFromAnywhere">Whether pages on other machines may use the controls too.</param>
/// <remarks>Thread: the one that runs the server's handlers, except <see cref="Tell"/> and <see cref="Report"/>, which any thread may call.</remarks>
internal sealed class SpectatorModule(
    NetServer server, ArenaModule arena, int tickRate, DemoControls controls, VitalsHistory history, HappeningBoard board, bool controlFromAnywhere)
    : IHandlerModule
{
    private const int SnapshotsPerSecond = 20;
    private const int OverviewsPerSecond = 4;
    private const int LinksPerSecond = 2;
    private const float FirstRadius = 120;
    private const float LeastRadius = 20;
    private const float MostRadius = 300;

    /// <summary>Maximum number of entities in a message: at thirteen bytes each, it stays well below the frame limit.</summary>
    private const int MaxSeen = 1_000;

    /// <summary>Maximum number of bytes in an overview: two for each entity.</summary>
    private const int MaxOverview = 16_000;

    private const int NotAllowed = 1_001;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly SessionGroup _watchers = server.CreateGroup();
    private readonly List<Spectator> _spectators = [];
    private readonly List<NearbyEntity> _seen = new(MaxSeen);
    private readonly byte[] _transports = new byte[MaxSeen];
    private readonly List<Link> _links = new(Links.MaxBots);
    private readonly byte[] _overview = new byte[2 * MaxOverview];
    private long _step;

    /// <inheritdoc/>
    public void Register(HandlerTable handlers)
    {
        handlers.OnRequest<Watch, Watching>((session, in _) => Begin(session));
        handlers.On<Look>(Look);
        handlers.OnRequest<Controls, Controls>((session, in wanted) => Control(session, wanted));
        handlers.OnRequest<PauseLoop, Controls>((session, in pause) => Pause(session, pause));
        handlers.OnClosed(End);
    }

    /// <summary>Sends each page the arena after a step. Called once a tick.</summary>
    public void Show()
    {
        _step++;
        if (_spectators.Count == 0)
        {
            return;
        }

        if (_step % Math.Max(1, tickRate / SnapshotsPerSecond) == 0)
        {
            foreach (Spectator spectator in _spectators)
            {
                arena.World.FindAround(spectator.Center, spectator.Radius, _seen, _transports);
                spectator.Session.Send(new Seen(arena.World.Tick, _seen, _transports.AsMemory(0, _seen.Count)));
            }
        }

        if (_step % Math.Max(1, tickRate / LinksPerSecond) == 0)
        {
            _spectators.ForEach(ShowLinks);
        }

        if (_step % Math.Max(1, tickRate / OverviewsPerSecond) == 0)
        {
            int count = arena.World.Sketch(_overview);
            _watchers.Broadcast(new Overview(_overview.AsMemory(0, 2 * count)));
        }
    }

    /// <summary>Sends the server's figures to every page. Thread: any.</summary>
    public void Report(in Vitals vitals) => _watchers.Broadcast(vitals);

    /// <summary>Sends an event to every page. Thread: any.</summary>
    public void Tell(in Happening happening) => _watchers.Broadcast(happening);

    // Those that the page sees come first: there may be too many for one message.
    private void ShowLinks(Spectator spectator)
    {
        _links.Clear();
        AddLinks(spectator, areSeen: true);
        AddLinks(spectator, areSeen: false);
        spectator.Session.Send(new Links(_links));
    }

    private void AddLinks(Spectator spectator, bool areSeen)
    {
        foreach (Player player in arena.Players)
        {
            bool isSeen = Vector2.DistanceSquared(spectator.Center, player.Entity.Position) <= spectator.Radius * spectator.Radius;
            if (isSeen == areSeen && _links.Count < Links.MaxBots && player.Session.GetLinkStatistics() is { } link)
            {
                float roundTrip = (float)link.RoundTrip.TotalMilliseconds;
                _links.Add(new Link(player.Entity.Id, roundTrip, link.PacketsSent, link.PacketsLost, link.Retransmissions));
            }
        }
    }

    private Watching Begin(Session session)
    {
        if (session.UserData is null)
        {
            var spectator = new Spectator(session, new Vector2(ArenaRules.Size / 2), FirstRadius);
            session.UserData = spectator;
            _spectators.Add(spectator);
            _watchers.Add(session);
        }

        // Events that are broadcast meanwhile may come twice; the page recognizes them.
        return new Watching(
            ArenaRules.Size, tickRate, MayControl(session), DemoControls.Most, controls.Initial, controls.Current, history.ToList(), board.ToList());
    }

    private static void Look(Session session, in Look look)
    {
        if (session.UserData is Spectator spectator && float.IsFinite(look.X) && float.IsFinite(look.Y) && float.IsFinite(look.Radius))
        {
            spectator.Center = Vector2.Clamp(new Vector2(look.X, look.Y), Vector2.Zero, new Vector2(ArenaRules.Size));
            spectator.Radius = Math.Clamp(look.Radius, LeastRadius, MostRadius);
        }
    }

    private Controls Control(Session session, in Controls wanted)
    {
        RequireControl(session);
        return controls.Set(wanted);
    }

    // A handler must never sleep; here it shows what happens if one does.
    private Controls Pause(Session session, in PauseLoop pause)
    {
        RequireControl(session);
        var length = TimeSpan.FromMilliseconds(Math.Clamp(pause.Milliseconds, 0, LongestPause.TotalMilliseconds));
        controls.NotePause(length);
        Thread.Sleep(length);
        return controls.Current;
    }

    private void RequireControl(Session session)
    {
        if (!MayControl(session))
        {
            throw new RequestException(NotAllowed, "controls are accepted from this machine only; start the demo with --control-from-anywhere to change that");
        }
    }

    private bool MayControl(Session session) => controlFromAnywhere || session.Remote.IsLoopback;

    private void End(Session session, CloseInfo info)
    {
        if (session.UserData is Spectator spectator)
        {
            _spectators.Remove(spectator);
        }
    }
}
