using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>How a client gets the connect token with which it connects over UDP.</summary>
public sealed class UdpClientOptions
{
    /// <summary>A token from a service of the game; null, the default, to ask the server for one.</summary>
    public ConnectToken? Token { get; set; }

    /// <summary>
    /// The endpoint to ask for a token, such as <c>tls://game.example:7443</c> or <c>wss://game.example/</c>; null, the default, for TCP on the same host and
    /// port. A token contains keys: use TLS on the internet.
    /// </summary>
    public NetEndpoint? TokenEndpoint { get; set; }

    /// <summary>
    /// Longest datagram to send, in bytes: 1,200 to 1,472. Connections begin with 1,200 bytes, which every network carries, and find out whether longer ones
    /// arrive (RFC 8899). With 1,200 they do not try.
    /// </summary>
    public int MaxDatagramBytes { get; set; } = 1_472;

    internal void Validate()
    {
        Require(
            TokenEndpoint is null or { Transport: TransportKind.Tcp }, nameof(TokenEndpoint), TokenEndpoint?.ToUri() ?? "", "a TCP, TLS or WebSocket endpoint");
        Require(MaxDatagramBytes is >= 1_200 and <= 1_472, nameof(MaxDatagramBytes), MaxDatagramBytes, "1,200 to 1,472");
    }
}
