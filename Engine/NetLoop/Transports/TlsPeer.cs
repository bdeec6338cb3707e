using System.Security.Cryptography.X509Certificates;

namespace NetLoop;

/// <summary>The outcome of a TLS handshake, as far as it concerns the peer.</summary>
/// <param name="Protocol">The version: <c>TLS 1.2</c> or <c>TLS 1.3</c>.</param>
/// <param name="CipherSuite">The name of the cipher suite, as the TLS registry of IANA has it.</param>
/// <param name="HostName">The host name that the client asked for (SNI); empty if it gave none.</param>
/// <param name="ApplicationProtocol">The protocol that both sides agreed on (ALPN); empty if they did not negotiate one.</param>
/// <param name="Certificate">The peer's certificate, already checked; null for a client that sent none.</param>
public sealed record TlsPeer(string Protocol, string CipherSuite, string HostName, string ApplicationProtocol, X509Certificate2? Certificate);
