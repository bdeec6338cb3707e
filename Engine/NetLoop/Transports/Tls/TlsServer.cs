using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NetLoop.Transports.Tls;

/// <summary>The server's side of TLS for one listener, with certificates that can be replaced while it runs.</summary>
/// <remarks>Thread: any.</remarks>
internal sealed class TlsServer : ITlsAuthentication
{
    private readonly TlsServerOptions _options;
    private readonly ServerOptionsSelectionCallback _select;
    private readonly X509Certificate2Collection? _clientRoots;
    private Certificates _certificates;

    /// <param name="options">The validated options.</param>
    /// <param name="timeout">Nanoseconds that a handshake may take.</param>
    /// <param name="reloadInterval">Nanoseconds between two checks of the files.</param>
    /// <exception cref="ArgumentException">A certificate cannot be read.</exception>
    public TlsServer(TlsServerOptions options, long timeout, long reloadInterval = 0)
    {
        _options = options;
        Timeout = timeout;
        ReloadInterval = AllOptions.Any(static options => options.CertificateFile is not null) ? reloadInterval : 0;
        _clientRoots = options.LoadClientCertificateRoots();
        _certificates = Load();
        _select = (_, hello, _, _) => ValueTask.FromResult(Volatile.Read(ref _certificates).For(hello.ServerName));
    }

    public bool IsServer => true;

    public long Timeout { get; }

    /// <summary>Nanoseconds between two checks of the files; 0 if there are none.</summary>
    public long ReloadInterval { get; }

    private IEnumerable<TlsCertificateOptions> AllOptions => _options.Hosts.Values.Prepend(_options);

    public Task BeginAsync(SslStream stream, Action<string> onRejected) => stream.AuthenticateAsServerAsync(_select, state: null);

    /// <summary>Reads the files again if one of them has changed. Handshakes that have begun keep the old certificates.</summary>
    /// <returns>Whether there are new certificates.</returns>
    /// <exception cref="ArgumentException">A certificate cannot be read; the old ones stay in use.</exception>
    public bool ReloadIfChanged()
    {
        if (HashOfFiles().AsSpan().SequenceEqual(Volatile.Read(ref _certificates).HashOfFiles))
        {
            return false;
        }

        Volatile.Write(ref _certificates, Load());
        return true;
    }

    private byte[] HashOfFiles()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TlsCertificateOptions options in AllOptions)
        {
            options.AddFilesTo(hash);
        }

        return hash.GetHashAndReset();
    }

    private Certificates Load()
    {
        byte[] hash = HashOfFiles();
        return new Certificates(
            hash,
            AuthenticationOptions(_options),
            _options.Hosts.ToDictionary(static host => host.Key, host => AuthenticationOptions(host.Value), StringComparer.OrdinalIgnoreCase));
    }

    private SslServerAuthenticationOptions AuthenticationOptions(TlsCertificateOptions certificate)
    {
        X509Certificate2 own = certificate.Load(out X509Certificate2Collection issuers);
        return new SslServerAuthenticationOptions
        {
            // Offline: neither certificates nor their status are downloaded on the loop's thread.
            ServerCertificateContext = SslStreamCertificateContext.Create(own, issuers, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,

            // A resumed session may lack the certificates between the client's own and its root.
            AllowTlsResume = _options.ClientCertificates == TlsClientCertificates.None,
            ApplicationProtocols = TlsPolicy.Protocols(_options.ApplicationProtocols),
            ClientCertificateRequired = _options.ClientCertificates != TlsClientCertificates.None,
            CertificateChainPolicy = TlsPolicy.Chain(_clientRoots, isForServers: false),
            RemoteCertificateValidationCallback = _options.ClientCertificates == TlsClientCertificates.None ? null : IsClientAccepted,
        };
    }

    private bool IsClientAccepted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is null ? _options.ClientCertificates == TlsClientCertificates.Optional : errors == SslPolicyErrors.None;

    private sealed record Certificates(
        byte[] HashOfFiles, SslServerAuthenticationOptions Default, Dictionary<string, SslServerAuthenticationOptions> Hosts)
    {
        public SslServerAuthenticationOptions For(string host)
        {
            if (Hosts.Count == 0 || host.Length == 0)
            {
                return Default;
            }

            if (Hosts.TryGetValue(host, out SslServerAuthenticationOptions? options))
            {
                return options;
            }

            int dot = host.IndexOf('.', StringComparison.Ordinal);
            return dot > 0 && Hosts.TryGetValue($"*{host[dot..]}", out options) ? options : Default;
        }
    }
}
