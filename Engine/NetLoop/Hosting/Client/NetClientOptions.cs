using NetLoop.Sessions;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Options of a client. The limits apply to its one session.</summary>
public sealed class NetClientOptions : EndpointOptions
{
    /// <summary>The loop on which the client runs; null gives the client its own loop, which ends with it.</summary>
    public EventLoop? Loop { get; set; }

    /// <summary>Options of the client's own loop; used if <see cref="Loop"/> is null.</summary>
    public EventLoopOptions LoopOptions { get; } = new() { ThreadName = "netloop client" };

    /// <summary>The client's handlers; clients may share a table. Null gives the client an empty table of its own.</summary>
    public HandlerTable? Handlers { get; set; }

    /// <summary>The token for the server's authenticator; empty for none.</summary>
    public ReadOnlyMemory<byte> Token { get; set; }

    /// <summary>The resume token of an earlier session; empty for none. A server that cannot resume that session opens a new one.</summary>
    public ReadOnlyMemory<byte> ResumeToken { get; set; }

    /// <summary>The Origin header of the WebSocket upgrade request, for servers that check it; null sends none, as is usual outside browsers.</summary>
    public string? Origin { get; set; }

    /// <summary>
    /// The WebSocket subprotocols that the client offers, in order of preference: at most 16 names with 4,096 bytes in total.
    /// <see cref="Session.Subprotocol"/> is the one that the server chose, if any. The connection fails if the server chooses one that was not offered.
    /// </summary>
    public IList<string> Subprotocols { get; } = [];

    /// <summary>For raw protocols over WebSocket: accepts text as well as binary messages, and sends text, which must be valid UTF-8.</summary>
    public bool UsesText { get; set; }

    /// <summary>TLS options, for <c>tls://</c> and <c>wss://</c>.</summary>
    public TlsClientOptions Tls { get; } = new();

    /// <summary>UDP options, for <c>udp://</c>.</summary>
    public UdpClientOptions Udp { get; } = new();

    /// <summary>How the client reconnects after it has lost its session; null, the default, for a client that does not.</summary>
    public ReconnectOptions? Reconnect { get; set; }

    /// <summary>
    /// Whether requests have the W3C trace context of the current <see cref="System.Diagnostics.Activity"/>, if there is one and the server accepts it. The
    /// client asks the server when it connects, if there is an activity listener by then or the client was created inside an activity.
    /// </summary>
    public bool SendTraceContext { get; set; } = true;

    /// <summary>Hash of the client's contracts; 0 if not known.</summary>
    public ulong ContractFingerprint { get; set; }

    /// <summary>Initial <see cref="Session.UserData"/> of the session.</summary>
    public object? UserData { get; set; }

    /// <summary>Wraps the dispatcher between the session and its handlers; null to use the handlers directly.</summary>
    internal Func<HandlerTable, IDispatcher>? Dispatcher { get; set; }

    internal override void Validate()
    {
        base.Validate();
        Reconnect?.Validate();
        Tls.Validate();
        Udp.Validate();
        Require(!UsesText || RawHandler is not null, nameof(UsesText), "true", "raw protocols only, as MessagePack is binary");
        WebSocketOptions.ValidateSubprotocols(Subprotocols, "");
        if (Origin is not null)
        {
            Require(WebSocketOptions.IsOrigin(Origin), nameof(Origin), Origin, "an origin such as https://example.org");
        }
    }
}
