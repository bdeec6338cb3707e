using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NetLoop.Transports.Tls;

/// <summary>Settings that both sides of TLS share.</summary>
internal static class TlsPolicy
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>How a peer's certificate is checked: without network traffic, which would block the loop.</summary>
    /// <param name="roots">The only authorities that are trusted; null for those of the operating system.</param>
    /// <param name="isForServers">Whether the peer is a server.</param>
    public static X509ChainPolicy Chain(X509Certificate2Collection? roots, bool isForServers)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(new Oid(isForServers ? ServerAuthentication : ClientAuthentication));
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }

    /// <summary>Application protocols; null for no negotiation.</summary>
    public static List<SslApplicationProtocol>? Protocols(IList<string> names) =>
        names.Count == 0 ? null : [.. names.Select(static name => new SslApplicationProtocol(name))];
}
