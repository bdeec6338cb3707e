using NetLoop.Framing;
using NetLoop.Sessions;
using NetLoop.Transports.Streams;
using NetLoop.Transports.Tls;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Hosting.Loop;

/// <summary>Turns the options of a listener or client into the settings of its stream connections.</summary>
internal static class StreamSetup
{
    /// <summary>Creates the transport that opens the connections.</summary>
    /// <param name="core">The loop of the connections.</param>
    /// <param name="options">The options, already checked.</param>
    /// <param name="opensByHello">Whether sessions open with Hello.</param>
    /// <param name="framers">Creates the application's framer for each connection; null for length prefixes.</param>
    /// <param name="webSocket">The WebSocket settings; null without WebSocket.</param>
    /// <param name="tls">This side of TLS handshakes; null without TLS.</param>
    /// <param name="usesProxyProtocol">Whether connections begin with a PROXY header.</param>
    /// <param name="minBodyBytes">Longest body that they take, if the options have a shorter one.</param>
    public static StreamTransport Create(
        LoopCore core,
        SessionOptions options,
        bool opensByHello,
        Func<IFramer>? framers = null,
        WebSocketSettings? webSocket = null,
        ITlsAuthentication? tls = null,
        bool usesProxyProtocol = false,
        int minBodyBytes = 0)
    {
        int maxBodyBytes = Math.Max(options.MaxBodyBytes, minBodyBytes);
        var limits = new StreamLimits(
            options.MaxSendQueueBytes,
            options.MaxSendQueueMessages,
            SessionProfile.Nanoseconds(options.HandshakeTimeout),
            SessionProfile.Nanoseconds(options.CloseTimeout))
        {
            MaxBacklogBytes = options.MaxSendBacklogBytes,
            MaxBacklogTime = SessionProfile.Nanoseconds(options.MaxSendBacklogTime),
            MaxStall = SessionProfile.Nanoseconds(options.MaxSendStall),
        };
        var borrowed = new BorrowedMemory();
        var profile = new StreamProfile(maxBodyBytes, limits)
        {
            AdmitsLater = opensByHello,
            Channels = usesProxyProtocol ? () => new ProxyChannel(core.Transport.Stack, CreateChannel() ?? core.Streams.Plain, limits.DialTimeout)
                : tls is null ? null
                : () => CreateChannel()!,
            Framers = framers is null ? null : () => GuardedFramer.Create(framers, core.OnFramerFault),
            Protocols = webSocket is null
                ? null
                : firstBytes => new WebSocketStream(new WebSocketProtocol(webSocket, firstBytes, core.Pool, core.Services.Entropy), maxBodyBytes),
        };
        return new StreamTransport(core.Streams, profile);

        TlsChannel? CreateChannel() => tls is null ? null : new TlsChannel(core.Transport.Stack, core.Pool, tls, borrowed);
    }

    /// <summary>The options that are set on each socket.</summary>
    public static StreamSocketOptions SocketOptionsOf(SessionOptions options) =>
        new(NoDelay: true, KeepAlive: true, options.UserTimeout, options.SendBufferBytes, options.ReceiveBufferBytes);
}
