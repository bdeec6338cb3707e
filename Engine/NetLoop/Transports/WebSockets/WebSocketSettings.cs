using NetLoop.Framing.WebSockets;

namespace NetLoop.Transports.WebSockets;

/// <summary>Settings shared by all WebSockets of one listener or client.</summary>
/// <param name="Role">Whether they are clients or servers.</param>
/// <param name="Policy">Who may upgrade; used by servers.</param>
/// <param name="Host">Address and port for a client's request.</param>
/// <param name="Target">Path and query for a client's request.</param>
/// <param name="Origin">Origin for a client's request; null for none.</param>
/// <param name="MaxFragments">Limit of the frames of one message.</param>
/// <param name="MaxPendingPongs">Limit of the pings answered at a time; only the latest are.</param>
/// <param name="AcceptsText">Whether messages may be text.</param>
/// <param name="SendsText">Whether messages are sent as text.</param>
/// <param name="UpgradeTimeout">Nanoseconds the opening handshake may take.</param>
internal sealed record WebSocketSettings(
    WebSocketRole Role,
    UpgradePolicy Policy,
    string Host,
    string Target,
    string? Origin,
    int MaxFragments,
    int MaxPendingPongs,
    bool AcceptsText,
    bool SendsText,
    long UpgradeTimeout)
{
    /// <summary>Called for requests that <see cref="Policy"/> rejects.</summary>
    public Action<UpgradeResponse>? OnForbidden { get; init; }

    /// <summary>Whether an accepted request is kept until the session is open, for an authenticator that looks at it.</summary>
    public bool KeepsRequest { get; init; }

    /// <summary>The subprotocols that a client offers.</summary>
    public SubprotocolList Offers { get; init; } = SubprotocolList.None;

    /// <summary>Finds the addresses of clients behind trusted proxies; null for a listener without such proxies.</summary>
    public Forwarding? Forwarding { get; init; }
}
