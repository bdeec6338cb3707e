using NetLoop.Diagnostics;
using NetLoop.Sessions;
using NetLoop.Transports;

namespace NetLoop.Hosting;

/// <summary>What a server does with the connections of one of its listeners: refuse, or begin a session.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class ServerListener : IAcceptor, ISessionHost
{
    /// <summary>Connections accepted beyond the maximum, and refused ones kept at a time, only to tell them why.</summary>
    private const int RefusalReserve = 32;

    private readonly NetServer _server;
    private readonly LoopCore _core;
    private readonly SessionSettings _settings;
    private readonly AddressLimiter _addresses;
    private readonly double _goodbyesPerSecond;
    private TokenBucket _goodbyes;
    private LogLimiter _refusedLines;

    public ServerListener(NetServer server, LoopCore core, ListenOptions options, SessionSettings settings)
    {
        _server = server;
        _core = core;
        _settings = settings;
        _addresses = new AddressLimiter(options.MaxConnectionsPerAddress, options.MaxNewConnectionsPerAddress);
        _goodbyesPerSecond = RefusalReserve / options.CloseTimeout.TotalSeconds;
        _goodbyes = new TokenBucket(RefusalReserve, core.Clock.Now);
    }

    public bool HasRoom =>
        _core.Transport.ConnectionCount < _server.MaxConnections + RefusalReserve

        // Every session brings its opening and its end to the inbox: while handlers are behind, new ones wait in the kernel's backlog.
        && _core.Inbox.HasRoom;

    public void OnAccepted(SocketHandle ownedSocket, in NetEndpoint remote)
    {
        _core.Transport.Stack.Configure(ownedSocket, _settings.SocketOptions);
        if (_core.Transport.ConnectionCount >= _server.MaxConnections)
        {
            Refuse(ownedSocket, remote, CloseReason.ServerFull, "The server is full; try again later.");
            return;
        }

        if (!_addresses.TryEnter(remote, _core.Clock.Now))
        {
            Refuse(ownedSocket, remote, CloseReason.RateLimited, "Too many connections from this address; try again later.");
            return;
        }

        var session = new Session(_core.Services, _settings, this, _settings.RequiresHello ? new ServerHandshake() : null, remote) { HoldsAddressPlace = true };
        if (_settings.RequiresHello || _settings.WebSocket is not null)
        {
            _server.Opening.Add(session);
        }

        session.Accept(ownedSocket);
    }

    public ulong NextSessionId() => _server.NextSessionId();

    public void OnSessionOpened(Session session)
    {
        _server.Opening.Remove(session);
        if (!_settings.IsForeign)
        {
            _server.Everyone.AddOnLoop(session);
        }
    }

    public void OnSessionEnded(Session session, CloseInfo info, SocketStatus failure, RequestError? refusal)
    {
        _server.Opening.Remove(session);
        if (session.HoldsAddressPlace)
        {
            _addresses.Leave(session.Remote);
        }
    }

    private void Refuse(SocketHandle ownedSocket, in NetEndpoint remote, CloseReason reason, string text)
    {
        _core.Counters.ConnectionsRefused++;
        if (_refusedLines.TryEnter(_core.Clock.Now, out long suppressed))
        {
            HostingLog.Refused(_core.Logger, remote, reason, suppressed);
        }

        // A refused connection stays until its peer has read why, or for the close time-out: so many at a time, or refusing would fill the
        // server for whoever it is meant to keep out.
        if (!_goodbyes.TryTake(1, _goodbyesPerSecond, RefusalReserve, _core.Clock.Now))
        {
            _core.Transport.Stack.Close(ownedSocket, reset: true);
            return;
        }

        new Session(_core.Services, _settings, this, new ServerHandshake(), remote).Refuse(ownedSocket, reason, text);
    }
}
