using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Options of a UDP listener: who may connect.</summary>
public sealed class UdpServerOptions
{
    /// <summary>
    /// The key of connect tokens. Null, the default, for a random one, with which only this server makes tokens: for clients that ask it over TCP.
    /// </summary>
    public ConnectTokenKey? Key { get; set; }

    /// <summary>Former keys, whose tokens are still accepted: so a key is replaced without rejecting anybody.</summary>
    public IList<ConnectTokenKey> FormerKeys { get; } = [];

    /// <summary>The application's protocol id; tokens with another one are dropped.</summary>
    public ulong ProtocolId { get; set; } = ConnectToken.DefaultProtocolId;

    /// <summary>
    /// The endpoints by which clients reach this listener, if servers share a key: a token for another server is dropped. Empty, the default, accepts tokens
    /// for any address.
    /// </summary>
    public IList<NetEndpoint> PublicEndpoints { get; } = [];

    /// <summary>
    /// Whether clients may ask for connect tokens over TCP. If the server has no TCP listener on the same port, one is opened that gives tokens and nothing
    /// else. The authenticator decides who gets one.
    /// </summary>
    public bool GivesTokens { get; set; } = true;

    /// <summary>How long the tokens of this server are valid: 1 second to 1 hour.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence after which a connection is over: 1 second to 1 hour. Idle connections send four small packets a second.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest datagram to send, in bytes: 1,200 to 1,472. Connections begin with 1,200 bytes, which every network carries, and find out whether longer ones
    /// arrive (RFC 8899). With 1,200 they do not try.
    /// </summary>
    public int MaxDatagramBytes { get; set; } = 1_472;

    internal void Validate()
    {
        Require(TokenLifetime >= TimeSpan.FromSeconds(1) && TokenLifetime <= TimeSpan.FromHours(1), nameof(TokenLifetime), TokenLifetime, "1 second to 1 hour");
        Require(Timeout >= TimeSpan.FromSeconds(1) && Timeout <= TimeSpan.FromHours(1), nameof(Timeout), Timeout, "1 second to 1 hour");
        Require(MaxDatagramBytes is >= 1_200 and <= 1_472, nameof(MaxDatagramBytes), MaxDatagramBytes, "1,200 to 1,472");
        foreach (NetEndpoint endpoint in PublicEndpoints)
        {
            Require(
                endpoint is { Transport: TransportKind.Udp, IsResolved: true },
                nameof(PublicEndpoints),
                endpoint.ToUri(),
                "UDP endpoints with IP addresses, such as udp://203.0.113.7:7777");
        }
    }
}
