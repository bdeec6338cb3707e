using NetLoop.Tests.Hosting;

namespace NetLoop.Tests.Simulation.Parity.Engine;

/// <summary>A server of the real engine on the real or the simulated kernel, and the stack of its peer.</summary>
internal abstract class EngineArm : IDisposable
{
    private readonly List<CloseInfo> _closed = [];

    public NetServer Server { get; protected init; } = null!;

    private CloseInfo[] Closed
    {
        get
        {
            lock (_closed)
            {
                return [.. _closed];
            }
        }
    }

    /// <summary>The stack of a peer without an engine.</summary>
    public abstract INetworkStack PeerStack { get; }

    /// <summary>Waits for an event that only takes time.</summary>
    public abstract void Wait(Func<bool> isSo, string what);

    /// <summary>Waits until the server has closed its only connection.</summary>
    /// <returns>What its handler was told, and what the server counted.</returns>
    public string AwaitClose()
    {
        // An accept is counted before its connection, so a count of zero may mean that the connection has not come yet.
        Wait(
            () => Server.Core.Counters.ConnectionsClosed == 1
                && Server.GetStatistics() is { Accepts: 1, Connections: 0 }
                && Closed.Length == Server.Core.Counters.SessionsOpened,
            "the server has not closed");
        IEnumerable<string> told = Closed.Select(info => $"{info} ({(info.ByPeer ? "by the peer" : "by the server")})");
        return $"told: {string.Join(", ", told)}; counted: {string.Join(", ", Server.GetStatistics().ClosedByReason)}";
    }

    public abstract void Dispose();

    protected static void Configure(NetServerOptions o, NetEndpoint endpoint)
    {
        o.TickRate = 0;
        o.BufferDiagnostics = true;
        o.Listen(endpoint, listener =>
        {
            listener.HandshakeTimeout = TimeSpan.FromMilliseconds(400);
            listener.IdleTimeout = TimeSpan.FromMilliseconds(600);
            listener.CloseTimeout = TimeSpan.FromMilliseconds(200);
            listener.PingInterval = TimeSpan.Zero;
            listener.MaxSendQueueBytes = 64 * 1024;
            listener.SendBufferBytes = 4096;
        });
    }

    protected void Register(NetServer server)
    {
        server.OnClosed((session, info) =>
        {
            lock (_closed)
            {
                _closed.Add(info);
            }
        });
        server.On<Say>((session, in say) => session.Send(say));
        server.On<Blob>((session, in blob) => session.Send(blob));
        server.OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By));
    }
}
