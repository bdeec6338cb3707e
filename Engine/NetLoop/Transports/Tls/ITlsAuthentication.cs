using System.Net.Security;

namespace NetLoop.Transports.Tls;

/// <summary>One side of TLS handshakes: its certificates, and which peers' certificates it trusts.</summary>
/// <remarks>Thread: any loop; immutable, or replaced as a whole.</remarks>
internal interface ITlsAuthentication
{
    /// <summary>Whether this side is the server.</summary>
    bool IsServer { get; }

    /// <summary>Nanoseconds that a handshake may take.</summary>
    long Timeout { get; }

    /// <summary>Begins a handshake.</summary>
    /// <param name="stream">The stream over the connection's <see cref="TlsWire"/>.</param>
    /// <param name="onRejected">Called with the reason, for people, when the peer's certificate is not accepted.</param>
    Task BeginAsync(SslStream stream, Action<string> onRejected);
}
