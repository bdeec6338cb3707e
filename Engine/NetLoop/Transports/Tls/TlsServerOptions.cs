using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>TLS options of a listener: its certificate, and those for further host names. TLS 1.2 and 1.3 are supported.</summary>
/// <remarks>
/// Files are read when the server starts, and again when they change: new connections then get the new certificate, and open ones keep theirs. The
/// handshake must end within <see cref="SessionOptions.HandshakeTimeout"/> and 64 KiB; until then a connection counts as opening.
/// </remarks>
public sealed class TlsServerOptions : TlsCertificateOptions
{
    internal const string Group = "Tls.";

    /// <summary>
    /// Certificates for host names that clients ask for (SNI): names such as <c>game.example</c>, or <c>*.game.example</c> for the names one level below.
    /// Clients that ask for no name, or another one, get the listener's own certificate.
    /// </summary>
    public IDictionary<string, TlsCertificateOptions> Hosts { get; } = new Dictionary<string, TlsCertificateOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether clients are asked for a certificate. The authenticator finds it in <see cref="AuthenticationRequest.Tls"/>.</summary>
    public TlsClientCertificates ClientCertificates { get; set; }

    /// <summary>The authorities whose client certificates are accepted; null for those that the operating system trusts.</summary>
    public X509Certificate2Collection? ClientCertificateRoots { get; set; }

    /// <summary>The same as a PEM file, read when the server starts; null for none.</summary>
    public string? ClientCertificateRootsFile { get; set; }

    /// <summary>
    /// Application protocols (ALPN) that the listener speaks, in order of preference; empty for no negotiation. A client that offers only others is rejected,
    /// and one that offers none is served.
    /// </summary>
    public IList<string> ApplicationProtocols { get; } = [];

    /// <summary>How often the files are checked for changes: 1 second or more.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        Require(HasCertificate, nameof(CertificateFile), "null", "a certificate: set CertificateFile and KeyFile, or Certificate", Group);
        Require(ReloadInterval >= TimeSpan.FromSeconds(1), nameof(ReloadInterval), ReloadInterval, "1 second or more", Group);
        foreach ((string host, TlsCertificateOptions certificate) in Hosts)
        {
            string name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
            Require(Stack.EndpointText.IsHostName(name), nameof(Hosts), host, "host names such as game.example or *.game.example", Group);
            Require(certificate.HasCertificate, nameof(Hosts), host, "entries with CertificateFile and KeyFile, or Certificate", Group);
        }

        foreach (string protocol in ApplicationProtocols)
        {
            Require(IsProtocolName(protocol), nameof(ApplicationProtocols), protocol, "names of 1 to 255 ASCII characters", Group);
        }
    }

    /// <summary>The authorities of both options; null for those of the operating system.</summary>
    /// <exception cref="ArgumentException">The file cannot be read; the message names it.</exception>
    internal X509Certificate2Collection? LoadClientCertificateRoots()
    {
        if (ClientCertificateRootsFile is null)
        {
            return ClientCertificateRoots;
        }

        try
        {
            X509Certificate2Collection roots = [.. ClientCertificateRoots ?? []];
            roots.ImportFromPemFile(ClientCertificateRootsFile);
            return roots;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ArgumentException($"{ClientCertificateRootsFile} cannot be read as a PEM file: {exception.Message}", exception);
        }
    }

    internal static bool IsProtocolName(string name) => name.Length is >= 1 and <= 255 && name.All(char.IsAscii);
}
