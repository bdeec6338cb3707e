using NetLoop.Worlds.Guests;

namespace NetLoop.Worlds;

/// <content>The guests of a world.</content>
internal sealed partial class World
{
    private const ulong GuestStreams = 300;
    private const int FirstGuestPort = 7_800;
    private const int PortsOfGuest = 10;

    /// <summary>Far more virtual time than any guest needs with a correct engine.</summary>
    private const long GuestPatience = 180_000 * Millisecond;

    private readonly List<Guest> _guests = [];
    private readonly List<GuestClients> _guestClients = [];

    private GuestLog? _guestLog;

    /// <summary>Whether guests are present, with connections that need no deadline.</summary>
    public bool HasGuests { get; private set; }

    /// <summary>Adds the listeners of all guests.</summary>
    public void ConfigureGuests(NetServerOptions o)
    {
        foreach (Guest guest in _guests)
        {
            guest.Configure(o);
        }

        if (Settings.Options.Kind == WorldKind.Features && !Settings.MeasuresAllocations)
        {
            _guestLog = new GuestLog(this);
            o.LoggerFactory = _guestLog;
        }

        if (_guests.Exists(static guest => guest.Authenticates))
        {
            Authenticator? others = o.Authenticate;
            o.Authenticate = (request, cancellation) =>
                GuestOf(request.Remote)?.AuthenticateAsync(request, cancellation)
                    ?? others?.Invoke(request, cancellation)
                    ?? new(AuthenticationResult.Accept());
        }
    }

    /// <summary>Registers the handlers of all guests.</summary>
    public void RegisterGuests(NetServer server) => _guests.ForEach(guest => guest.Register(server));

    /// <summary>The guest that uses an address; null if there is none.</summary>
    public Guest? GuestOf(NetEndpoint remote) => HasGuests ? _guests.Find(guest => guest.Hosts.Have(remote)) : null;

    private void InviteGuests()
    {
        foreach (GuestKind kind in Settings.Guests)
        {
            SeededRandom random = SeededRandom.For(Settings.Options.Seed, GuestStreams + (ulong)kind);
            Guest guest = Guest.Create(kind, this, random);
            guest.FirstPort = FirstGuestPort + (PortsOfGuest * (int)kind);
            _guests.Add(guest);
        }
    }

    /// <summary>The guests come, play and leave. Faults stay active in a world that draws only faults which no guest notices.</summary>
    private bool RunGuests()
    {
        if (_guests.Count == 0)
        {
            return true;
        }

        foreach (Guest guest in _guests)
        {
            var clients = new GuestClients(this, AddHost($"guest {guest}"));
            _guestClients.Add(clients);
            guest.Prepare(new GuestHosts(clients, AddHost($"raw {guest}")));
        }

        HasGuests = true;
        Network.Faults.IsActive = Settings.Options.Kind == WorldKind.Features;
        _guests.ForEach(static guest => guest.Begin());
        bool goesOn = RunWhile(static world => !world._guests.TrueForAll(static guest => guest.IsDone), GuestPatience);
        Network.Faults.IsActive = false;
        foreach (Guest guest in _guests)
        {
            Require(!goesOn || guest.IsDone, "I37", $"{guest} is not done after {GuestPatience / 1e9} s");
        }

        if (!goesOn || _violation is not null)
        {
            return false;
        }

        _guestClients.ForEach(static clients => clients.Stop());
        if (!RunWhile(static world => world._guestClients.Exists(static clients => clients.IsRunning), GuestPatience))
        {
            return false;
        }

        _guests.ForEach(static guest => guest.CheckEnd());
        Require(_guestClients.TrueForAll(static clients => !clients.IsRunning), "I20", $"a loop of a guest's clients has not ended");

        // Time for the server to close the remaining sessions.
        if (_violation is not null || !RunFor((Settings.CloseTimeout.Ticks * 100) + (1_000 * Millisecond)))
        {
            return false;
        }

        HasGuests = false;
        if (Settings.Options.Kind == WorldKind.Features)
        {
            CheckStatistics(); // In other worlds servers restart, and connections may be half gone.
        }

        return _violation is null;
    }

    /// <summary>The server's statistics must match what its hosts and handlers have seen.</summary>
    private void CheckStatistics()
    {
        LoopStatistics said = Server.Server!.GetStatistics();
        long open = Server.Sessions.Count;
        Require(
            said.Sessions == open && said.Connections == open,
            "I37",
            $"the server says that it has {said.Sessions} sessions and {said.Connections} connections, and {open} are open");
        Require(
            said is { InboxDepth: 0, SendQueueBytes: 0 },
            "I37",
            $"the server says that {said.InboxDepth} envelopes and {said.SendQueueBytes} bytes wait, and nothing does");
        Require(said.HandlerFaults == Server.HandlerFaults, "I37", $"the server says that {said.HandlerFaults} handlers threw, and {Server.HandlerFaults} did");
        Require(
            said.BytesIn == Server.Host.BytesReceived && said.BytesOut == Server.Host.BytesSent,
            "I37",
            $"the server says that it received {said.BytesIn} bytes and sent {said.BytesOut}, and its host {Server.Host.BytesReceived} and "
                + $"{Server.Host.BytesSent}");
        (long opened, long closed) = Server.SessionEvents;
        long ended = said.ClosedByReason.Values.Sum();
        Require(ended >= closed && opened - closed == said.Sessions, "I37", $"the server says that {ended} sessions ended, and its handlers heard of {closed}");
        Require(said.Busy is > 0 and <= 1, "I37", $"the server says that it was busy for a share of {said.Busy}");
        if (_guestLog is { } log)
        {
            Require(
                log.Opened == opened && log.Closed == ended,
                "I37",
                $"the log has {log.Opened} sessions that opened and {log.Closed} that ended; {opened} and {ended} did");
        }
    }
}
