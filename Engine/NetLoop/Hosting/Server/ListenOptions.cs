using NetLoop.Framing;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>One listener: where, which protocol, and what each of its sessions may cost.</summary>
public sealed class ListenOptions : SessionOptions
{
    internal ListenOptions(NetEndpoint endpoint) => Endpoint = endpoint;

    /// <summary>Where it listens.</summary>
    public NetEndpoint Endpoint { get; }

    /// <summary>How sessions open.</summary>
    public HelloMode Hello { get; set; } = HelloMode.Required;

    /// <summary>Connections that the kernel may hold until they are accepted.</summary>
    public int Backlog { get; set; } = 1024;

    /// <summary>Connections from one address at a time; an IPv6 address counts by its /64. Not applied to loopback and Unix sockets.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 64;

    /// <summary>New connections a second from one address, with twice as many at once. Not applied to loopback and Unix sockets.</summary>
    public double MaxNewConnectionsPerAddress { get; set; } = 20;

    /// <summary>How a WebSocket listener's connections open and what they may cost; without effect on others.</summary>
    public WebSocketOptions WebSocket { get; } = new();

    /// <summary>Another framing of MessagePack bodies than length prefixes; called once for each session.</summary>
    public Func<IFramer>? Framer { get; set; }

    /// <summary>The handler of a raw protocol's bodies; set by <c>UseRawProtocol</c>.</summary>
    internal RawHandler? RawHandler { get; private set; }

    /// <summary>Makes the listener speak a raw protocol: no Hello, no MessagePack, no Ping; each body the framer cuts goes to the handler.</summary>
    /// <param name="framer">Called once for each session.</param>
    /// <param name="handler">Answers with <see cref="Session.SendRaw"/>.</param>
    public void UseRawProtocol(Func<IFramer> framer, RawHandler handler)
    {
        ArgumentNullException.ThrowIfNull(framer);
        ArgumentNullException.ThrowIfNull(handler);
        Framer = framer;
        RawHandler = handler;
        Hello = HelloMode.None;
    }

    /// <summary>Makes a WebSocket listener speak a raw protocol: no Hello, no MessagePack, no Ping; each message goes to the handler.</summary>
    /// <param name="handler">Answers with <see cref="Session.SendRaw"/>.</param>
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
            // One made on trial, so that a wrong one is found before the first client comes.
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
