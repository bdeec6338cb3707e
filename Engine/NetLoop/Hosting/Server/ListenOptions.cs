using NetLoop.Framing;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Options of one listener: its endpoint, its protocol, and the limits of its sessions.</summary>
public sealed class ListenOptions : SessionOptions
{
    internal ListenOptions(NetEndpoint endpoint) => Endpoint = endpoint;

    /// <summary>The endpoint on which it listens.</summary>
    public NetEndpoint Endpoint { get; }

    /// <summary>Whether a client must send Hello to open a session.</summary>
    public HelloMode Hello { get; set; } = HelloMode.Required;

    /// <summary>Connections that the kernel may queue until they are accepted: 1 to 65,535.</summary>
    public int Backlog { get; set; } = 1024;

    /// <summary>Connections from one address at a time; all IPv6 addresses of a /64 count as one. Not applied to loopback and Unix sockets.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 64;

    /// <summary>New connections a second from one address, with bursts of twice that number. Not applied to loopback and Unix sockets.</summary>
    public double MaxNewConnectionsPerAddress { get; set; } = 20;

    /// <summary>Options of a WebSocket listener; ignored by other listeners.</summary>
    public WebSocketOptions WebSocket { get; } = new();

    /// <summary>Creates the framer for MessagePack bodies, once for each session; null for length prefixes.</summary>
    public Func<IFramer>? Framer { get; set; }

    /// <summary>The handler of a raw protocol's bodies; set by <c>UseRawProtocol</c>.</summary>
    internal RawHandler? RawHandler { get; private set; }

    /// <summary>Makes the listener speak a raw protocol, without Hello, MessagePack or Ping. Each body that the framer cuts goes to the handler.</summary>
    /// <param name="framer">Creates a framer; called once for each session.</param>
    /// <param name="handler">Receives each body; sends with <see cref="Session.SendRaw"/>.</param>
    public void UseRawProtocol(Func<IFramer> framer, RawHandler handler)
    {
        ArgumentNullException.ThrowIfNull(framer);
        ArgumentNullException.ThrowIfNull(handler);
        Framer = framer;
        RawHandler = handler;
        Hello = HelloMode.None;
    }

    /// <summary>Makes a WebSocket listener speak a raw protocol, without Hello, MessagePack or Ping. Each message goes to the handler.</summary>
    /// <param name="handler">Receives each message; sends with <see cref="Session.SendRaw"/>.</param>
    public void UseRawProtocol(RawHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        RawHandler = handler;
        Hello = HelloMode.None;
    }

    internal override void Validate()
    {
        base.Validate();
        WebSocket.Validate();
        bool isWebSocket = Endpoint.Scheme == EndpointScheme.WebSocket;
        Require(!isWebSocket || Framer is null, nameof(Framer), Framer?.GetType().Name ?? "", "none on a WebSocket listener, where a message is a body");
        Require(isWebSocket || RawHandler is null || Framer is not null, nameof(Framer), "null", "a framer for a raw protocol on a stream");
        Require(!WebSocket.UsesText || RawHandler is not null, "WebSocket.UsesText", "true", "raw protocols only, as MessagePack is binary");
        if (Framer is not null)
        {
            // Create one for a check, so that a wrong framer is found before the first client connects.
            IFramer framer = Framer();
            Require(
                framer.MaxBodyBytes is >= 1 and <= FramerLimit.MaxBodyBytes,
                nameof(Framer),
                framer.MaxBodyBytes,
                "a framer with MaxBodyBytes of 1 to 16777216");
            Require(framer.HeaderBytes is >= 0 and <= FramerLimit.MaxHeaderBytes, nameof(Framer), framer.HeaderBytes, "a framer with HeaderBytes of 0 to 64");
            Require(framer.Trailer.Length <= FramerLimit.MaxTrailerBytes, nameof(Framer), framer.Trailer.Length, "a framer with a Trailer of at most 16 bytes");
        }

        Require(Backlog is >= 1 and <= 65_535, nameof(Backlog), Backlog, "1 to 65535");
        Require(MaxConnectionsPerAddress >= 1, nameof(MaxConnectionsPerAddress), MaxConnectionsPerAddress, "at least 1");
        Require(MaxNewConnectionsPerAddress > 0, nameof(MaxNewConnectionsPerAddress), MaxNewConnectionsPerAddress, "more than 0");
    }
}
