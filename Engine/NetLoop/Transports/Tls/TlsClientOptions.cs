using System.Security.Cryptography.X509Certificates;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>TLS options of a client: which servers it trusts, and its own certificate if it has one. Used for <c>tls://</c> and <c>wss://</c>.</summary>
/// <remarks>
/// The server's certificate must be valid, issued by a trusted authority, and for the host name of the endpoint. Revocation is not checked, and no
/// certificates are downloaded, because the loop's thread must not wait for other servers.
/// </remarks>
public sealed class TlsClientOptions : TlsCertificateOptions
{
    private const int HashBytes = 32;

    internal TlsClientOptions()
    {
    }

    /// <summary>The host name that the certificate must be for, sent to the server (SNI); null for the host of the endpoint.</summary>
    public string? HostName { get; set; }

    /// <summary>The only authorities that are trusted; null for those of the operating system. A self-signed certificate is its own authority.</summary>
    public X509Certificate2Collection? TrustedRoots { get; set; }

    /// <summary>
    /// Public keys, of which one must be in the chain of the server's certificate, in addition to the other checks: each as the SHA-256 hash of its
    /// SubjectPublicKeyInfo in base64. Empty for no such check.
    /// </summary>
    /// <remarks>
    /// <c>openssl x509 -in FILE -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64</c> prints it. Name a second
    /// key that you keep in reserve: a client with one key cannot connect after the server's key has changed.
    /// </remarks>
    public IList<string> PinnedKeys { get; } = [];

    /// <summary>Application protocols (ALPN) to offer, in order of preference; empty for none.</summary>
    public IList<string> ApplicationProtocols { get; } = [];

    internal void Validate()
    {
        const string Group = TlsServerOptions.Group;
        Require(HostName is null || Stack.EndpointText.IsHostName(HostName), nameof(HostName), HostName ?? "", "a host name such as game.example", Group);
        foreach (string key in PinnedKeys)
        {
            Require(IsHash(key), nameof(PinnedKeys), key, "SHA-256 hashes of public keys in base64, 44 characters each", Group);
        }

        foreach (string protocol in ApplicationProtocols)
        {
            Require(
                TlsServerOptions.IsProtocolName(protocol), nameof(ApplicationProtocols), protocol, "names of 1 to 255 ASCII characters", Group);
        }
    }

    private static bool IsHash(string text)
    {
        Span<byte> hash = stackalloc byte[HashBytes + 1];
        return Convert.TryFromBase64String(text, hash, out int length) && length == HashBytes && Convert.ToBase64String(hash[..HashBytes]) == text;
    }
}
