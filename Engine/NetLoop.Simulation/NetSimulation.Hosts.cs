using System.Text;
using NetLoop.Simulation;

namespace NetLoop;

/// <content>Servers, clients, and what happens to them.</content>
public sealed partial class NetSimulation
{
    /// <summary>Number of clients that connect at a time: well below the server's limit of connections before Hello.</summary>
    private const int ClientsAtOnce = 256;

    /// <summary>Maximum number of machines described in an error message.</summary>
    private const int MaxDescribed = 8;

    private readonly Dictionary<NetServer, HostedServer> _servers = [];
    private readonly List<HostedServer> _hosted = [];
    private readonly List<SimulatedClient> _clients = [];

    /// <summary>Creates a server on a machine of its own. It starts as soon as time passes, so handlers can be registered before.</summary>
    /// <param name="configure">
    /// Sets options. The simulation has set network, time and randomness. A server without a listener listens on TCP port 7777.
    /// </param>
    /// <param name="setUp">Runs before the server starts, and again after <see cref="Restart"/>: registers modules, handlers and ticks.</param>
    /// <param name="name">For error messages.</param>
    /// <returns>A server of the production class. <see cref="NetServer.Start"/> works but need not be called.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message says which.</exception>
    public NetServer Server(Action<NetServerOptions>? configure = null, Action<NetServer>? setUp = null, string? name = null)
    {
        Bind();
        SimulatedHost host = Simulator.Network.AddHost(name ?? (_hosted.Count == 0 ? "server" : $"server {_hosted.Count + 1}"));
        var hosted = new HostedServer(this, host, configure, setUp);
        hosted.Boot();
        _hosted.Add(hosted);
        _servers.Add(hosted.Server, hosted);
        return hosted.Server;
    }

    /// <summary>Creates a client on a machine of its own and lets time pass until its session is open.</summary>
    /// <param name="server">A server created by <see cref="Server"/>.</param>
    /// <param name="configure">Limits, token, handlers; called again for every reconnection.</param>
    /// <param name="link">The link to the server; <see cref="Link"/> by default.</param>
    /// <param name="name">For error messages.</param>
    /// <exception cref="NetConnectException">The session could not open.</exception>
    public SimulatedClient Client(NetServer server, Action<NetClientOptions>? configure = null, LinkConditions? link = null, string? name = null)
    {
        Enter(nameof(Client));
        SimulatedClient client = Dial(server, configure, link, name);
        AwaitOpen([client]);
        return client;
    }

    /// <summary>Creates many clients, each on a machine of its own, and lets time pass until all their sessions are open.</summary>
    /// <param name="server">A server created by <see cref="Server"/>.</param>
    /// <param name="count">1 to 100,000.</param>
    /// <param name="configure">Limits, token, handlers; called for each.</param>
    /// <param name="link">The link to the server; <see cref="Link"/> by default.</param>
    /// <exception cref="NetConnectException">A session could not open.</exception>
    public IReadOnlyList<SimulatedClient> Clients(NetServer server, int count, Action<NetClientOptions>? configure = null, LinkConditions? link = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100_000);
        Enter(nameof(Clients));
        var clients = new SimulatedClient[count];
        for (int first = 0; first < count; first += ClientsAtOnce)
        {
            int end = Math.Min(count, first + ClientsAtOnce);
            for (int i = first; i < end; i++)
            {
                clients[i] = Dial(server, configure, link);
            }

            AwaitOpen(clients.AsSpan(first, end - first).ToArray());
        }

        return clients;
    }

    /// <summary>Creates a client that starts to connect when time passes, for tests of failures to connect.</summary>
    /// <inheritdoc cref="Client"/>
    public SimulatedClient Dial(NetServer server, Action<NetClientOptions>? configure = null, LinkConditions? link = null, string? name = null)
    {
        Bind();
        HostedServer hosted = Find(server);
        link?.Validate();
        if (!_isAdvancing)
        {
            StartServers();
        }

        var client = new SimulatedClient(this, hosted, Simulator.Network.AddHost(name ?? $"client {_clients.Count + 1}"), configure, link ?? Link);
        client.Dial();
        _clients.Add(client);
        return client;
    }

    /// <summary>Stops a server as in production (it drains, sends Goodbye and ends), and lets time pass until it has ended.</summary>
    /// <exception cref="TimeoutException">The server does not end.</exception>
    public void Stop(NetServer server)
    {
        Enter(nameof(Stop));
        HostedServer hosted = Find(server);
        Task stopped = server.StopAsync();
        if (hosted.Driver is { } driver)
        {
            TimeSpan limit = TimeSpan.FromMinutes(10);
            if (!Pass(limit, () => driver.IsOver))
            {
                throw TimedOut($"{hosted.Host.Name} did not stop", limit);
            }
        }

        stopped.GetAwaiter().GetResult();
    }

    /// <summary>Kills a server's process; its kernel closes the connections. <see cref="NetServer.Completion"/> is cancelled.</summary>
    public void Crash(NetServer server)
    {
        Bind();
        Find(server).Die(withoutAWord: false);
    }

    /// <summary>Cuts the power of a server's machine: clients detect this only by their timeouts.</summary>
    public void LosePower(NetServer server)
    {
        Bind();
        Find(server).Die(withoutAWord: true);
    }

    /// <summary>Starts a new process of a server on the same machine, with the same options and set-up. A process that still runs is killed first.</summary>
    /// <returns>The new server; the old one no longer belongs to this simulation. Clients that reconnect find the new one.</returns>
    public NetServer Restart(NetServer server)
    {
        Bind();
        HostedServer hosted = Find(server);
        if (hosted.IsRunning)
        {
            hosted.Die(withoutAWord: false);
        }

        _servers.Remove(server);
        hosted.Boot();
        _servers.Add(hosted.Server, hosted);
        return hosted.Server;
    }

    /// <summary>Pauses a server's process for a while, as a garbage collection does; its kernel continues to receive.</summary>
    /// <param name="server">A server created by <see cref="Server"/>.</param>
    /// <param name="duration">More than zero.</param>
    /// <exception cref="InvalidOperationException">The server is not running.</exception>
    public void Pause(NetServer server, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        Bind();
        HostedServer hosted = Find(server);
        if (!_isAdvancing)
        {
            StartServers();
        }

        if (!hosted.IsRunning)
        {
            throw new InvalidOperationException($"{hosted.Host.Name} does not run, so it cannot be paused.");
        }

        hosted.Driver!.PauseUntil(Simulator.Network.Events.Now + Nanoseconds(duration));
    }

    /// <summary>A process cannot die while its own handler runs: the engine would continue with its dead state.</summary>
    internal static void RequireOutside(LoopDriver? driver, string member)
    {
        if (driver is { IsIterating: true })
        {
            throw new InvalidOperationException(
                $"{member} was called by a handler or tick of the very process that is to die. Give it to {nameof(Schedule)} with a delay of zero, "
                    + "so that it happens when the handler has returned.");
        }
    }

    /// <summary>All randomness must come from the seed.</summary>
    internal static void RequireSimulated(EventLoopOptions options, SimulatedHost host)
    {
        if (options.Stack != host.Stack || options.TimeProvider != host.Clock || options.Entropy is not SeededEntropy)
        {
            throw new InvalidOperationException(
                "Stack, TimeProvider and Entropy of a simulated server are the simulation's. Leave them as they are; application code that needs "
                    + "time takes o.TimeProvider.");
        }
    }

    internal void StartServers()
    {
        foreach (HostedServer hosted in _hosted)
        {
            hosted.StartIfWaiting();
        }
    }

    /// <summary>Lets time pass until the clients' sessions are open.</summary>
    internal void AwaitOpen(SimulatedClient[] clients)
    {
        TimeSpan limit = TimeSpan.FromMinutes(10);
        int open = 0;
        bool done = Pass(limit, () =>
        {
            while (open < clients.Length && clients[open].HasConnected)
            {
                open++;
            }

            return open == clients.Length;
        }, nameof(Client));
        if (!done)
        {
            throw TimedOut($"{clients[open].Name} did not connect", limit);
        }

        foreach (SimulatedClient client in clients)
        {
            client.Opened.GetAwaiter().GetResult();
        }
    }

    /// <summary>Code that disposes a server waits for its end, which comes only when time passes.</summary>
    internal void FinishLoop(EventLoop loop)
    {
        if (!_isAdvancing && !_isDisposed)
        {
            Pass(Patience, () => loop.Completion.IsCompleted);
        }
    }

    private HostedServer Find(NetServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return _servers.TryGetValue(server, out HostedServer? hosted)
            ? hosted
            : throw new InvalidOperationException(
                $"This server does not belong to this simulation: create it with {nameof(Server)}, and after {nameof(Restart)} use the returned server.");
    }

    private string Describe()
    {
        var text = new StringBuilder();
        foreach (HostedServer hosted in _hosted)
        {
            LoopStatistics statistics = hosted.Server.GetStatistics();
            text.Append(
                $" {hosted.Host.Name}: {(hosted.IsRunning ? "running" : "not running")}, {statistics.Sessions} sessions, {statistics.BodiesIn} "
                    + $"bodies in, {statistics.BodiesOut} out.");
        }

        // Clients that are not open come first: a test usually waits for them in vain.
        foreach (SimulatedClient client in _clients.OrderBy(client => client.IsOpen).Take(MaxDescribed))
        {
            text.Append($" {client}.");
        }

        if (_clients.Count > MaxDescribed)
        {
            text.Append($" {_clients.Count - MaxDescribed} clients more.");
        }

        return text.ToString();
    }
}
