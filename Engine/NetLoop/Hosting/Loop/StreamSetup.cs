using NetLoop.Framing;
using NetLoop.Sessions;
using NetLoop.Transports.Streams;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Hosting.Loop;

/// <summary>Turns options of a listener or client into what its stream connections need.</summary>
internal static class StreamSetup
{
    /// <summary>Makes what opens the connections.</summary>
    /// <param name="core">The loop they are on.</param>
    /// <param name="options">Checked already.</param>
    /// <param name="opensByHello">Whether sessions open by Hello.</param>
    /// <param name="framers">The application's: makes the framer of each connection; null for length prefixes.</param>
    /// <param name="webSocket">How connections speak WebSocket; null when they do not.</param>
    public static StreamTransport Create(
        LoopCore core, SessionOptions options, bool opensByHello, Func<IFramer>? framers = null, WebSocketSettings? webSocket = null)
    {
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
        var profile = new StreamProfile(options.MaxBodyBytes, limits)
        {
            AdmitsLater = opensByHello,
            Framers = framers is null ? null : () => GuardedFramer.Create(framers, core.OnFramerFault),
            Protocols = webSocket is null
                ? null
                : firstBytes => new WebSocketStream(new WebSocketProtocol(webSocket, firstBytes, core.Pool, core.Services.Entropy), options.MaxBodyBytes),
        };
        return new StreamTransport(core.Streams, profile);
    }

    /// <summary>What the kernel is told of each socket.</summary>
    public static StreamSocketOptions SocketOptionsOf(SessionOptions options) =>
        new(NoDelay: true, KeepAlive: true, options.UserTimeout, options.SendBufferBytes, options.ReceiveBufferBytes);
}
