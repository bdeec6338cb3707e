using Microsoft.Extensions.Logging;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Profile;

namespace NetLoop.Demo.Server;

/// <summary>Creates and starts servers, and reports a person's mistakes in one line.</summary>
internal static class ServerFactory
{
    /// <summary>Creates a server that has not started.</summary>
    /// <param name="settings">The settings from the command line.</param>
    /// <param name="logs">Receives log lines.</param>
    /// <param name="calls">Counts the system calls; null to count none.</param>
    /// <exception cref="MistakeException">The platform does not have the poller, or cannot share sockets among loops.</exception>
    public static NetServer Create(ServerSettings settings, ILoggerFactory logs, CallCounts? calls = null)
    {
        try
        {
            return NetServer.Create(options =>
            {
                foreach (NetEndpoint endpoint in settings.Endpoints)
                {
                    options.Listen(endpoint, listener =>
                    {
                        listener.Hello = settings.Hello;
                        listener.Tls = endpoint.IsEncrypted ? settings.Certificate : null;
                        listener.Udp.Key = settings.UdpKey;
                        foreach (NetEndpoint address in settings.UdpPublic ?? [])
                        {
                            listener.Udp.PublicEndpoints.Add(address);
                        }

                        foreach (string origin in settings.Origins ?? [])
                        {
                            listener.WebSocket.AllowedOrigins.Add(origin);
                        }
                    });
                }

                options.MaxConnections = int.MaxValue; // The number of descriptors is the only limit: the engine counts them at the start.
                options.TickRate = settings.TickRate;
                options.Poller = settings.Poller;
                options.HandlerMode = settings.HandlerMode;
                options.Loops = settings.Loops;
                options.TickPrecision = settings.TickPrecision;
                options.SpinTime = settings.SpinTime;
                options.Stack = calls is null ? null : new CountingStack(NetworkStack.CreateDefault(settings.Poller), calls);
                options.LoggerFactory = logs;
            });
        }
        catch (PlatformNotSupportedException refusal)
        {
            throw new MistakeException(refusal.Message);
        }
    }

    /// <summary>Starts a server.</summary>
    /// <exception cref="MistakeException">An address cannot be bound; the message says which process holds it.</exception>
    public static void Start(NetServer server)
    {
        try
        {
            server.Start();
        }
        catch (Exception refusal) when (refusal is NetListenException or PlatformNotSupportedException)
        {
            throw new MistakeException(refusal.Message);
        }
    }

    /// <summary>Prints the endpoints of a server, one a line, for people and scripts.</summary>
    public static void Announce(NetServer server, TextWriter output)
    {
        foreach (NetEndpoint endpoint in server.Endpoints)
        {
            string kind = endpoint switch
            {
                { Transport: TransportKind.Unix } => "unix",
                { Transport: TransportKind.Udp } => "udp",
                { Scheme: EndpointScheme.WebSocket } => "ws",
                { Scheme: EndpointScheme.SecureWebSocket } => "wss",
                { Scheme: EndpointScheme.Tls } => "tls",
                _ => "tcp",
            };
            output.WriteLine($"listening on {kind} {endpoint}");
        }
    }

    /// <summary>Drains a server, or stops it at once when the token is cancelled.</summary>
    /// <exception cref="FailureException">One of its loops failed.</exception>
    public static async Task StopAsync(NetServer server, CancellationToken abort)
    {
        await using (abort.Register(server.Abort).ConfigureAwait(false))
        {
            try
            {
                await server.StopAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (server.Completion.IsFaulted)
            {
                // The log has the stack trace.
                throw new FailureException($"the server failed: {failure.GetType().Name}: {failure.Message}");
            }
        }
    }
}
