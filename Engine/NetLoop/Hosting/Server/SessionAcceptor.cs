using NetLoop.Diagnostics;
using NetLoop.Hosting.Loop;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Sessions.Handshake;
using NetLoop.Sessions.Limits;
using NetLoop.Transports;
using NetLoop.Transports.Datagrams;
using NetLoop.Transports.Datagrams.Netcode;
using NetLoop.Transports.Streams;

namespace NetLoop.Hosting.Server;

/// <summary>Rejects the connections of one listener, or starts their sessions.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class SessionAcceptor : IAcceptor, IDatagramAcceptor, ISessionHost, ICommandTarget
{
    private readonly NetServer _server;
    private readonly ServerLoop _loop;
    private readonly LoopCore _core;
    private readonly int _index;
    private readonly bool _acceptsForAll;
    private readonly SessionProfile _profile;
    private readonly StreamTransport _transport;
    private readonly StreamSocketOptions _socketOptions;
    private readonly bool _opensInSteps;
    private readonly bool _usesProxyProtocol;
    private readonly AddressLimiter _addresses;
    private readonly ProxyNetworks? _proxies;
    private readonly double _goodbyesPerSecond;
    private TokenBucket _goodbyes;
    private LogLimiter _rejections;
    private int _nextLoop;

    /// <param name="server">The server, which counts connections and numbers sessions for all loops.</param>
    /// <param name="loop">The loop of the sessions.</param>
    /// <param name="index">The listener's index in the server.</param>
    /// <param name="options">The options of that listener.</param>
    /// <param name="addresses">The address limits, shared by all loops.</param>
    public SessionAcceptor(NetServer server, ServerLoop loop, int index, ListenOptions options, AddressLimiter addresses)
    {
        _server = server;
        _loop = loop;
        _core = loop.Core;
        _index = index;
        _profile = loop.ProfileFor(options, this, out _transport);
        _socketOptions = StreamSetup.SocketOptionsOf(options);
        _usesProxyProtocol = options.UsesProxyProtocol;
        _opensInSteps = _profile.RequiresHello || options.Endpoint.Scheme != EndpointScheme.Plain || _usesProxyProtocol;
        _addresses = addresses;
        _proxies = ProxyNetworks.Create(options.TrustedProxies);
        _acceptsForAll = options.Endpoint.Transport == TransportKind.Unix && server.Loops.Count > 1;
        _goodbyesPerSecond = DescriptorBudget.RejectionReserve / options.CloseTimeout.TotalSeconds;
        _goodbyes = new TokenBucket(DescriptorBudget.RejectionReserve, _core.Clock.Now);
    }

    /// <summary>Limits the connections of each address; shared by all loops.</summary>
    public AddressLimiter Addresses => _addresses;

    public bool HasRoom =>
        _server.ConnectionCount < _server.MaxConnections + DescriptorBudget.RejectionReserve

        // Every session adds two events to the inbox, opened and closed. While handlers are behind, new connections wait in the kernel's backlog.
        && _core.Inbox.HasRoom;

    public void OnAccepted(SocketHandle ownedSocket, in NetEndpoint remote)
    {
        if (!_acceptsForAll || !TryHandOver(ownedSocket, remote))
        {
            Serve(ownedSocket, remote);
        }
    }

    public bool MayConnect(in NetEndpoint remote)
    {
        bool mayConnect = !_loop.IsStopping && _server.ConnectionCount < _server.MaxConnections && _core.Inbox.HasRoom;
        if (!mayConnect)
        {
            CountRejected(remote, _loop.IsStopping ? CloseReason.ServerStopping : CloseReason.ServerFull);
        }

        return mayConnect;
    }

    public void OnConnected(DatagramConnection connection, in NetEndpoint remote)
    {
        bool isClient = _addresses.TryEnter(remote, _core.Clock.Now, _core.Clock.StalledTime);
        var session = new Session(_profile, _profile.RequiresHello ? new ServerHandshake() : null, remote) { HoldsAddressPlace = isClient };
        BeginOpening(session);
        connection.Open(session);
        if (!isClient)
        {
            CountRejected(remote, CloseReason.RateLimited);
            session.Reject(connection, CloseReason.RateLimited, "Too many connections from this address; try again later.");
            return;
        }

        if (_opensInSteps)
        {
            _loop.Opening.Add(session);
        }

        session.Begin(connection);
    }

    public void PostReplaced(UdpServer server, NetcodePeer peer)
    {
        // If the loop has no room for the command, the connection ends by its silence.
        _ = _core.CommandQueue.TryWrite(new LoopCommand(this, State: new ReplacedPeer(server, peer)));
    }

    void ICommandTarget.OnCommand(in LoopCommand item)
    {
        switch (item.State)
        {
            case AcceptedSocket accepted:
                Serve(accepted.OwnedSocket, accepted.Remote);
                break;

            case ReplacedPeer replaced:
                replaced.Server.EndIfReplaced(replaced.Peer);
                break;
        }
    }

    private void Serve(SocketHandle ownedSocket, in NetEndpoint remote)
    {
        _core.Transport.Stack.Configure(ownedSocket, _socketOptions);
        if (_loop.IsStopping)
        {
            // Another loop that was not stopping yet handed it over.
            Reject(ownedSocket, remote, CloseReason.ServerStopping, "The server is stopping.");
            return;
        }

        if (_server.ConnectionCount >= _server.MaxConnections || DescriptorBudget.IsForRejections(_core.Transport.Stack, ownedSocket))
        {
            Reject(ownedSocket, remote, CloseReason.ServerFull, "The server is full; try again later.");
            return;
        }

        if (_usesProxyProtocol && !IsProxy(remote))
        {
            Reject(ownedSocket, remote, CloseReason.Unauthorized, "This listener serves only its trusted proxies.");
            return;
        }

        // A trusted proxy does not count as a client. Its clients are counted when it names their addresses.
        bool isClient = !IsProxy(remote);
        if (isClient && !_addresses.TryEnter(remote, _core.Clock.Now, _core.Clock.StalledTime))
        {
            Reject(ownedSocket, remote, CloseReason.RateLimited, "Too many connections from this address; try again later.");
            return;
        }

        var session = new Session(_profile, _profile.RequiresHello ? new ServerHandshake() : null, remote) { HoldsAddressPlace = isClient };
        BeginOpening(session);
        if (_opensInSteps)
        {
            _loop.Opening.Add(session);
        }

        SocketStatus status = _transport.Accept(ownedSocket, session, out Connection? connection);
        if (connection is not null)
        {
            session.Begin(connection);
        }
        else
        {
            session.FailToConnect(new ConnectionEnd(CloseReason.TransportError, status));
        }
    }

    public ulong NextSessionId() => _server.NextSessionId();

    public bool TryMove(Session session, in NetEndpoint remote)
    {
        LeavePlace(session);
        session.Remote = remote;
        if (IsProxy(remote))
        {
            return true; // The header names only proxies, which are not counted.
        }

        session.HoldsAddressPlace = _addresses.TryEnter(remote, _core.Clock.Now, _core.Clock.StalledTime);
        if (!session.HoldsAddressPlace)
        {
            CountRejected(remote, CloseReason.RateLimited);
        }

        return session.HoldsAddressPlace;
    }

    public void OnSessionOpened(Session session)
    {
        _loop.Opening.Remove(session);
        _server.Sessions.Add(session);
        if (!_profile.IsRaw)
        {
            _server.Everyone.AddOnLoop(session);
        }
    }

    public void OnSessionEnded(Session session, CloseInfo info, in ConnectionEnd end, RequestException? refusal)
    {
        _loop.Opening.Remove(session);
        _server.Sessions.Remove(session);
        LeavePlace(session);
    }

    private bool IsProxy(in NetEndpoint remote) => _proxies is not null && _proxies.Contains(remote);

    private void LeavePlace(Session session)
    {
        if (session.HoldsAddressPlace)
        {
            session.HoldsAddressPlace = false;
            _addresses.Leave(session.Remote);
        }
    }

    /// <summary>Hands the socket to the next loop in turn.</summary>
    /// <returns>False if it is this loop's turn, or if the other loop's command queue is full.</returns>
    private bool TryHandOver(SocketHandle ownedSocket, in NetEndpoint remote)
    {
        if (DescriptorBudget.IsForRejections(_core.Transport.Stack, ownedSocket))
        {
            return false; // Reject it now: a socket that waits in another loop's command queue is counted nowhere.
        }

        _nextLoop = (_nextLoop + 1) % _server.Loops.Count;
        SessionAcceptor next = _server.Loops[_nextLoop].Acceptors[_index];
        return next != this && next._core.CommandQueue.TryWrite(new LoopCommand(next, State: new AcceptedSocket(ownedSocket, remote)));
    }

    private void Reject(SocketHandle ownedSocket, in NetEndpoint remote, CloseReason reason, string text)
    {
        CountRejected(remote, reason);

        // A rejected connection stays open until its peer has read the reason, for at most the close timeout. Their number is limited, so that rejected peers
        // cannot fill the server. None stays on a descriptor that is reserved for the runtime.
        if (DescriptorBudget.IsForRuntime(_core.Transport.Stack, ownedSocket)
            || !_goodbyes.TryTake(1, _goodbyesPerSecond, DescriptorBudget.RejectionReserve, _core.Clock.Now))
        {
            _core.Transport.Stack.Close(ownedSocket, reset: true);
            return;
        }

        var session = new Session(_profile, new ServerHandshake(), remote);
        BeginOpening(session);
        SocketStatus status = _transport.Accept(ownedSocket, session, out Connection? connection);
        if (connection is not null)
        {
            session.Reject(connection, reason, text);
        }
        else
        {
            session.FailToConnect(new ConnectionEnd(CloseReason.TransportError, status));
        }
    }

    private static void BeginOpening(Session session)
    {
        if (NetActivities.HasListeners)
        {
            SessionActivities.BeginOpening(session);
        }
    }

    private void CountRejected(in NetEndpoint remote, CloseReason reason)
    {
        _core.Counters.ConnectionsRejected++;
        if (_rejections.TryEnter(_core.Clock.Now, out long suppressed))
        {
            HostingLog.Rejected(_core.ServerLogger, remote, reason, suppressed);
        }
    }

    /// <summary>A socket that one loop has accepted for another.</summary>
    private sealed record AcceptedSocket(SocketHandle OwnedSocket, NetEndpoint Remote);

    /// <summary>A client of this loop that has connected again, on another loop.</summary>
    private sealed record ReplacedPeer(UdpServer Server, NetcodePeer Peer);
}
