namespace NetLoop.Worlds.Guests;

/// <summary>
/// A visitor that uses one part of the engine which other worlds do not use (a listener, protocol or policy of its own) while the rest of the world is quiet.
/// The outcome of everything that it does is known in advance, exactly.
/// </summary>
/// <remarks>A guest is written with async and await. It runs on the loop of its clients, where its raw sockets run too.</remarks>
internal abstract class Guest(World world, SeededRandom random)
{
    private bool _hasBegun;

    /// <summary>The first port of its listeners at the server. A guest may use ten ports.</summary>
    public int FirstPort { get; set; }

    /// <summary>Whether all its plays are done.</summary>
    public bool IsDone => _hasBegun && Playing == 0;

    /// <summary>The two hosts that it uses.</summary>
    public GuestHosts Hosts { get; private set; } = null!;

    protected World World => world;

    protected SeededRandom Random => random;

    /// <summary>Number of plays that are not done.</summary>
    protected int Playing { get; private set; }

    /// <summary>Whether it authenticates the sessions from its hosts.</summary>
    public virtual bool Authenticates => false;

    /// <summary>Makes a guest.</summary>
    public static Guest Create(GuestKind kind, World world, SeededRandom random) => kind switch
    {
        GuestKind.Codec => new CodecGuest(world, random),
        GuestKind.Forms => new FormsGuest(world, random),
        GuestKind.Foreign => new RawProtocolGuest(world, random),
        GuestKind.Web => new WebGuest(world, random),
        GuestKind.Rates => new RatesGuest(world, random),
        GuestKind.Groups => new GroupsGuest(world, random),
        GuestKind.Requests => new RequestsGuest(world, random),
        GuestKind.Faults => new FaultsGuest(world, random),
        _ => new DoorGuest(world, random),
    };

    /// <summary>Adds its listeners.</summary>
    public abstract void Configure(NetServerOptions o);

    /// <summary>Registers its handlers, at each start of the server.</summary>
    public virtual void Register(NetServer server)
    {
    }

    /// <summary>Sets the hosts that it uses.</summary>
    public void Prepare(GuestHosts hosts) => Hosts = hosts;

    /// <summary>Starts the plays.</summary>
    public void Begin()
    {
        Hosts.Clients.Post(() =>
        {
            Play();
            _hasBegun = true;
        });
    }

    /// <summary>Checks what must hold when all plays are done.</summary>
    public virtual void CheckEnd()
    {
    }

    /// <summary>The server opened a session with one of its hosts. Thread: where handlers run.</summary>
    public virtual void OnOpened(Session session)
    {
    }

    /// <summary>That session has ended.</summary>
    public virtual void OnClosed(Session session, CloseInfo info)
    {
    }

    /// <summary>Decides about a client from one of its hosts.</summary>
    public virtual ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellation) =>
        new(AuthenticationResult.Accept());

    public override string ToString() => GetType().Name;

    /// <summary>Starts one or several plays.</summary>
    protected abstract void Play();

    /// <summary>Starts an asynchronous play; the guest is not done before the play ends.</summary>
    protected void Play(Func<Task> act) => _ = PlayAsync(act);

    /// <summary>Reports a violation of I37 if a fact does not hold.</summary>
    protected void Require(bool holds, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument(nameof(holds))] ref RequireText text)
    {
        if (!holds)
        {
            world.Fail("I37", $"{this}: {text.Take()}");
        }
    }

    private async Task PlayAsync(Func<Task> act)
    {
        Playing++;
        try
        {
            await act().ConfigureAwait(true);
        }
#pragma warning disable CA1031 // A guest knows every expected exception, so any other one is a failure.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            world.Fail("I37", $"{this}: {exception.GetType().Name}: {exception.Message}");
        }

        Playing--;
    }

    /// <summary>The endpoint of one of its listeners.</summary>
    protected NetEndpoint Listener(int index) => world.Server.Host.Address.WithPort(FirstPort + index);

    /// <summary>Waits in virtual time.</summary>
    protected Task PauseAsync(double milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Hosts.Clients.Host.Clock);

    /// <summary>Waits until something holds.</summary>
    /// <returns>False if it does not hold within a time that is long enough for everything that the world allows.</returns>
    protected async Task<bool> UntilAsync(Func<bool> holds, double seconds = 20)
    {
        for (int i = 0; i < seconds * 200 && !holds(); i++)
        {
            await PauseAsync(5).ConfigureAwait(true);
        }

        return holds();
    }

    /// <summary>Calls the server as a thread that is not one of its own.</summary>
    protected T FromElsewhere<T>(Func<T> call)
    {
        LoopDriver driver = world.Server.Driver!;
        driver.Core.Services.UnbindFromThread();
        try
        {
            return call();
        }
        finally
        {
            driver.Core.BindToThread();
        }
    }

    /// <summary>Runs something on the server's loop.</summary>
    protected void OnServer(Action action) => world.Server.Driver!.Post(action);

    /// <summary>Sets the options of one of its listeners: those of the world, with room for all its clients.</summary>
    protected void ConfigureListener(ListenOptions listener)
    {
        world.ConfigureSession(listener);
        listener.MaxConnectionsPerAddress = 10_000;
        listener.MaxNewConnectionsPerAddress = 10_000;
        listener.PingInterval = TimeSpan.Zero;
        listener.IdleTimeout = TimeSpan.FromMinutes(10);
        listener.RequestTimeout = TimeSpan.FromSeconds(20);
        listener.WebSocket.UpgradeTimeout = world.Settings.HandshakeTimeout;
    }
}
