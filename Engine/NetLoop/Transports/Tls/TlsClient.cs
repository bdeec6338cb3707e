using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NetLoop.Diagnostics;

namespace NetLoop.Transports.Tls;

/// <summary>The client's side of TLS.</summary>
/// <remarks>Thread: any; immutable.</remarks>
internal sealed class TlsClient : ITlsAuthentication
{
    /// <summary>Maximum number of a certificate's names in an error message.</summary>
    private const int MaxNames = 8;

    private readonly TlsClientOptions _options;
    private readonly string _host;
    private readonly SslStreamCertificateContext? _certificate;

    /// <param name="options">The validated options.</param>
    /// <param name="host">The host that the certificate must be for: a name or an address.</param>
    /// <param name="timeout">Nanoseconds that a handshake may take.</param>
    /// <exception cref="ArgumentException">The client's certificate cannot be read.</exception>
    public TlsClient(TlsClientOptions options, string host, long timeout)
    {
        _options = options;
        _host = options.HostName ?? host;
        Timeout = timeout;
        if (options.HasCertificate)
        {
            X509Certificate2 own = options.Load(out X509Certificate2Collection issuers);
            _certificate = SslStreamCertificateContext.Create(own, issuers, offline: true);
        }
    }

    public bool IsServer => false;

    public long Timeout { get; }

    public Task BeginAsync(SslStream stream, Action<string> onRejected) => stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
    {
        TargetHost = _host,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
        ClientCertificateContext = _certificate,
        ApplicationProtocols = TlsPolicy.Protocols(_options.ApplicationProtocols),
        CertificateChainPolicy = TlsPolicy.Chain(_options.TrustedRoots, isForServers: true),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            string? refusal = RefusalOf(certificate, chain, errors);
            if (refusal is not null)
            {
                onRejected(refusal);
            }

            return refusal is null;
        },
    });

    private string? RefusalOf(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "the server sent no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"the server's certificate is for another host than {_host}: {DescribeNames(certificate)}";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            string why = chain is null ? "" : string.Join(", ", chain.ChainStatus.Select(static status => status.Status).Distinct());
            return $"the server's certificate is not trusted ({why}); a certificate of your own needs Tls.TrustedRoots";
        }

        return _options.PinnedKeys.Count == 0 || HasPinnedKey(chain!) ? null : "no key in the chain of the server's certificate is one of Tls.PinnedKeys";
    }

    private static string DescribeNames(X509Certificate certificate)
    {
        X509SubjectAlternativeNameExtension? names =
            (certificate as X509Certificate2)?.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return names is null
            ? EscapedText.From(certificate.Subject)
            : EscapedText.From(string.Join(
                ", ", names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(static address => address.ToString())).Take(MaxNames)));
    }

    private bool HasPinnedKey(X509Chain chain)
    {
        foreach (X509ChainElement element in chain.ChainElements)
        {
            string hash = Convert.ToBase64String(SHA256.HashData(element.Certificate.PublicKey.ExportSubjectPublicKeyInfo()));
            if (_options.PinnedKeys.Contains(hash))
            {
                return true;
            }
        }

        return false;
    }
}
