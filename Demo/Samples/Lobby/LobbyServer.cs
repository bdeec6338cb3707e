using NetLoop;

namespace Lobby;

/// <summary>The whole server: options, filters and the module.</summary>
public static class LobbyServer
{
    /// <summary>Adds the lobby to a server.</summary>
    public static NetServer SetUp(NetServer server) => server
        .Use(Doorman.ExplainAsync)
        .Use<CloseRoom>(Doorman.RequireAdminAsync)
        .Use(new LobbyModule(server));

    /// <summary>Creates a server that does not listen before it is started.</summary>
    /// <param name="port">The TCP port on the loopback address; 0 lets the system choose.</param>
    public static NetServer Create(int port) => SetUp(NetServer.Create(o =>
    {
        o.ListenTcp("127.0.0.1", port, l => l.RateLimit = new RateLimitOptions { MessagesPerSecond = 20 });
        o.Authenticate = Doorman.AuthenticateAsync;
        o.ContractFingerprint = NetContracts.Fingerprint;
        o.TickRate = 0;
    }));
}
