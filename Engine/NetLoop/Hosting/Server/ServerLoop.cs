using NetLoop.Diagnostics;
using NetLoop.Framing.WebSockets;
using NetLoop.Hosting.Loop;
using NetLoop.Sessions;
using NetLoop.Transports;
using NetLoop.Transports.Datagrams;
using NetLoop.Transports.Datagrams.Netcode;
using NetLoop.Transports.Streams;
using NetLoop.Transports.Tls;

namespace NetLoop.Hosting.Server;

/// <summary>The parts of a server on one of its loops: listeners, acceptors, and opening sessions.</summary>
/// <remarks>Each loop of a server stops by itself; see <see cref="LoopStop"/>. Thread: the loop, unless a member says otherwise.</remarks>
internal sealed class ServerLoop : ILoopParticipant
{
    private const string StopText = "The server is stopping.";

    private readonly NetServer _server;
    private readonly NetServerOptions _options;
    private readonly List<SessionAcceptor> _acceptors = [];
    private readonly List<Listener> _listeners = [];
    private readonly List<UdpServer> _udp = [];
    private readonly List<CertificateReload> _reloads = [];
    private LogLimiter _forbiddenLines;
    private LogLimiter _forwardedLines;

    /// <param name="server">The server of the loop.</param>
    /// <param name="options">The options of the server.</param>
    /// <param name="index">Index of the loop, from 0.</param>
    public ServerLoop(NetServer server, NetServerOptions options, int index)
    {
        _server = server;
        _options = options;
        Loop = new EventLoop(options.Loops == 1 ? options : options.ForLoop(index, options.Loops));
        Core.Join(this);
        Opening = new OpeningSessions(Math.Max(1, options.MaxOpeningConnections / options.Loops), options.MaxOpeningBytes / options.Loops);
    }

    public EventLoop Loop { get; }

    public LoopCore Core => Loop.Core;

    /// <summary>Whether the stop has begun.</summary>
    public bool IsStopping => Core.Services.IsStopping;

    public OpeningSessions Opening { get; }

    /// <summary>The acceptors of the server's listeners, in their order. Some of them get connections that another loop has accepted.</summary>
    public IReadOnlyList<SessionAcceptor> Acceptors => _acceptors;

    /// <summary>Adds the acceptor of one of the server's listeners.</summary>
    public void AddAcceptor(ListenOptions options, AddressLimiter addresses) =>
        _acceptors.Add(new SessionAcceptor(_server, this, _acceptors.Count, options, addresses));

    /// <summary>The settings that the sessions of one listener share on this loop, and the transport that creates their connections.</summary>
    public SessionProfile ProfileFor(ListenOptions options, SessionAcceptor acceptor, out StreamTransport transport)
    {
        bool isRaw = options.RawHandler is not null;
        HandlerTable handlers = isRaw ? _server.Handlers.ForRaw(options.RawHandler!) : options.HandlersFor(_server.Handlers);
        bool requiresHello = options.Hello == HelloMode.Required;
        bool isWebSocket = options.Endpoint.IsWebSocket;
        transport = StreamSetup.Create(
            Core,
            options,
            requiresHello,
            options.Framer,
            isWebSocket
                ? options.WebSocket.ForServer(
                    options.Endpoint,
                    ProxyNetworks.Create(options.TrustedProxies),
                    OnUpgradeForbidden,
                    OnForwardedIgnored,
                    FindProblem,
                    keepsRequest: requiresHello && _options.Authenticate is not null)
                : null,
            options.TlsServer,
            options.UsesProxyProtocol);
        return new SessionProfile(Core.Services, acceptor, options, handlers, requiresHello)
        {
            Parking = transport,
            IsRaw = isRaw,
            SpeaksControl = !isRaw,
            EndOfInputReason = requiresHello || isWebSocket ? CloseReason.Disconnected : CloseReason.Normal,
            Fingerprint = _options.ContractFingerprint,
            AcceptsAnyFingerprint = _options.AcceptAnyFingerprint,
            ConnectTokens = _server.Tokens,
            GivesOnlyTokens = options.GivesOnlyTokens,
            Authenticate = _options.Authenticate,
            TickRate = _options.TickRate,
            Endpoint = options.Endpoint,
            Features = options.AcceptTraceContext ? ControlTypes.ReadsTraceContext : 0,
            ReadsTraceContext = options.AcceptTraceContext,
            SendsTraceContext = options.SendTraceContext,
        };
    }

    /// <summary>Listens on a socket for the acceptor that was added last.</summary>
    public SocketStatus TryListen(SocketHandle socket, in NetEndpoint bound)
    {
        SocketStatus status = Listener.TryRegister(Core.Transport, _acceptors[^1], socket, bound, out Listener? listener);
        if (listener is not null)
        {
            _listeners.Add(listener);
        }

        return status;
    }

    /// <summary>Serves a UDP socket for the acceptor that was added last.</summary>
    public SocketStatus TryServeUdp(SocketHandle ownedSocket, NetcodeServerOptions netcode, ListenOptions options, NetcodeRegistry registry)
    {
        DatagramLimits limits = DatagramSetup.LimitsOf(options, options.Udp.MaxDatagramBytes, options.Hello == HelloMode.Required);
        var server = new UdpServer(Core.Datagrams, netcode, limits, _acceptors[^1], registry);
        SocketStatus status = server.Register(ownedSocket);
        if (status == SocketStatus.Ok)
        {
            _udp.Add(server);
            Core.Transport.SharedSockets.Add(server);
        }

        return status;
    }

    public void CloseListeners()
    {
        foreach (UdpServer server in _udp)
        {
            server.StopAccepting();
        }

        foreach (Listener listener in _listeners)
        {
            listener.Close();
        }

        _listeners.Clear();
        foreach (CertificateReload reload in _reloads)
        {
            reload.Stop();
        }

        _reloads.Clear();
    }

    /// <summary>Starts checking for new certificates of a listener.</summary>
    public void WatchCertificates(TlsServer tls, string listener)
    {
        if (tls.ReloadInterval > 0)
        {
            _reloads.Add(new CertificateReload(Core, tls, listener));
        }
    }

    void ILoopParticipant.OnIterationEnded()
    {
        Opening.EndThoseBeyondMemory();
        if (!IsStopping)
        {
            foreach (Listener listener in _listeners)
            {
                listener.ResumeIfRoom();
            }
        }
    }

    /// <summary>Starts the stop, or ends a loop that never ran. Thread: any.</summary>
    public void RequestStop()
    {
        if (!Loop.IsStarted || !Loop.Post(BeginStop))
        {
            _ = Loop.StopAsync(TimeSpan.Zero);
        }
    }

    /// <summary>Ends the loop at once; queued messages are lost. Thread: any.</summary>
    public void RequestAbort()
    {
        if (!Loop.IsStarted)
        {
            _ = Loop.StopAsync(TimeSpan.Zero);
            return;
        }

        Loop.Post(() =>
        {
            StopAccepting();
            Loop.Stop.Close(TimeSpan.Zero, CloseReason.ServerStopping, StopText);
        });
    }

    private void BeginStop()
    {
        if (IsStopping)
        {
            return;
        }

        if (Core.Services.LoopIndex == 0)
        {
            HostingLog.Stopping(Core.ServerLogger, _server.Everyone.Count, _options.DrainTimeout.TotalSeconds);
        }

        StopAccepting();
        Opening.EndAll(CloseReason.ServerStopping, StopText);
        Loop.Stop.Drain(_options.DrainTimeout, CloseReason.ServerStopping, StopText);
    }

    private void StopAccepting()
    {
        Core.Services.IsStopping = true;
        CloseListeners();
    }

    private void OnUpgradeForbidden(UpgradeResponse answer)
    {
        if (_forbiddenLines.TryEnter(Core.Clock.Now, out long suppressed))
        {
            HostingLog.UpgradeForbidden(Core.ServerLogger, answer.Status, EscapedText.From(answer.Text), suppressed);
        }
    }

    private void OnForwardedIgnored(NetEndpoint proxy, string text)
    {
        if (_forwardedLines.TryEnter(Core.Clock.Now, out long suppressed))
        {
            HostingLog.ForwardedIgnored(Core.ServerLogger, proxy, EscapedText.From(text), suppressed);
        }
    }

    /// <summary>Returns why health checks get 503; null while the server accepts clients.</summary>
    private string? FindProblem() =>
        IsStopping ? StopText
        : _server.ConnectionCount > _server.MaxConnections ? "The server is full."
        : null;
}
