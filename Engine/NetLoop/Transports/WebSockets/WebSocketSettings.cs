using NetLoop.Framing.WebSockets;

namespace NetLoop.Transports.WebSockets;

/// <summary>What all WebSockets of one listener or client share.</summary>
/// <param name="Role">Which end they are.</param>
/// <param name="Policy">Who may upgrade; used by servers.</param>
/// <param name="Host">Address and port for a client's request.</param>
/// <param name="Target">Path and query for a client's request.</param>
/// <param name="Origin">Origin for a client's request; null for none.</param>
/// <param name="MaxFragments">Frames that one message may come in.</param>
/// <param name="MaxPendingPongs">Pings that are answered at a time; of more, the latest.</param>
/// <param name="AcceptsText">Whether messages may be text.</param>
/// <param name="SendsText">Whether what is sent is text.</param>
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
    /// <summary>Told of requests that <see cref="Policy"/> refuses.</summary>
    public Action<UpgradeResponse>? OnForbidden { get; init; }
}
