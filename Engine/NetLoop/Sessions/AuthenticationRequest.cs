namespace NetLoop;

/// <summary>Information about a client that asks for a session.</summary>
/// <param name="Remote">The client's endpoint.</param>
/// <param name="Token">The token in its Hello; empty if it sent none. The authenticator may keep it.</param>
public readonly record struct AuthenticationRequest(NetEndpoint Remote, ReadOnlyMemory<byte> Token)
{
    /// <summary>The HTTP request that opened a WebSocket connection; null for other connections.</summary>
    public HttpUpgrade? Upgrade { get; init; }

    /// <summary>The outcome of the TLS handshake, with the client's certificate if it sent one; null for a connection that is not encrypted.</summary>
    public TlsPeer? Tls { get; init; }

    /// <summary>
    /// What the client's connect token says, for a client on UDP whose token was made elsewhere; null for other clients. A client that got its token from
    /// this server was authenticated when it asked, and is not authenticated again.
    /// </summary>
    public ConnectTokenClaims? ConnectToken { get; init; }
}
