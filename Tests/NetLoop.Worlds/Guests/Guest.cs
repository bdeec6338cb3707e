namespace NetLoop.Worlds.Guests;

/// <summary>
/// Somebody who visits a world when everything else in it is quiet, and uses one part of the engine that others do not: a listener, a
/// protocol or a policy of its own.
/// What comes of everything that it does is known beforehand, exactly.
/// </summary>
/// <remarks>What it does is written as code that awaits. It runs on the loop of its clients, which is the only one that its raw sockets know as well.</remarks>
internal abstract class Guest(World world, SeededRandom random)
{
    private bool _hasBegun;

    /// <summary>The first port of its listeners at the server; it may take ten.</summary>
    public int FirstPort { get; set; }

    /// <summary>Whether everything it does is done.</summary>
    public bool IsDone => _hasBegun && Playing == 0;

    /// <summary>Addresses of the hosts that it uses.</summary>
    public GuestHosts Hosts { get; private set; } = null!;

    protected World World => world;

    protected SeededRandom Random => random;

    /// <summary>Parts of what it does that are not done.</summary>
    protected int Playing { get; private set; }

    /// <summary>Whether it answers for those who open sessions from its hosts.</summary>
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

    /// <summary>Gives it the machines that it uses.</summary>
    public void Prepare(GuestHosts hosts) => Hosts = hosts;

    /// <summary>Begins.</summary>
    public void Begin()
    {
        Hosts.Clients.Post(() =>
        {
            Play();
            _hasBegun = true;
        });
    }

    /// <summary>What must hold when it is done.</summary>
    public virtual void CheckEnd()
    {
    }

    /// <summary>The server has a session with one of its hosts. Thread: where handlers run.</summary>
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

    /// <summary>Does everything it does, in one or several plays.</summary>
    protected abstract void Play();

    /// <summary>Does something that awaits; the guest is not done before it ends.</summary>
    protected void Play(Func<Task> act) => _ = PlayAsync(act);

    /// <summary>Holds a fact against the guest.</summary>
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
#pragma warning disable CA1031 // Whatever is thrown here was not expected by a guest that knows what must come.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            world.Fail("I37", $"{this}: {exception.GetType().Name}: {exception.Message}");
        }

        Playing--;
    }

    /// <summary>Where one of its listeners is.</summary>
    protected NetEndpoint Listener(int index) => world.Server.Host.Address.WithPort(FirstPort + index);

    /// <summary>Waits in virtual time.</summary>
    protected Task PauseAsync(double milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Hosts.Clients.Host.Clock);

    /// <summary>Waits until something holds.</summary>
    /// <returns>False when it does not hold in a time that is long enough for everything that the world allows.</returns>
    protected async Task<bool> UntilAsync(Func<bool> holds, double seconds = 20)
    {
        for (int i = 0; i < seconds * 200 && !holds(); i++)
        {
            await PauseAsync(5).ConfigureAwait(true);
        }

        return holds();
    }

    /// <summary>Calls the server as a thread does that is none of its own.</summary>
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

    /// <summary>The server's options for a listener of this guest: the world's, and room for whoever comes.</summary>
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
