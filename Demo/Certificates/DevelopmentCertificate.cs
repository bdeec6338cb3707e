using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NetLoop.Demo.Certificates;

/// <summary>A certificate for servers on the developer's own machine. It is its own authority, so trusting it means trusting nothing else.</summary>
internal static class DevelopmentCertificate
{
    /// <summary>Validity period.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Name of the certificate file that <see cref="Write"/> creates.</summary>
    public const string CertificateFile = "netloop.pem";

    /// <summary>Name of the file with the private key.</summary>
    public const string KeyFile = "netloop.key";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Makes a certificate (ECDSA, P-256) for <c>localhost</c>, 127.0.0.1, ::1 and further hosts, with its private key.</summary>
    /// <param name="hosts">Names and addresses.</param>
    public static X509Certificate2 Create(params IEnumerable<string> hosts)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=NetLoop development", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        foreach (string host in hosts)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));

        // The clocks of other machines may be slightly slow.
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddHours(-1), now + Lifetime);
    }

    /// <summary>Makes a certificate and writes it and its key to a folder, which is created if it does not exist. Only this user may read the key.</summary>
    /// <returns>The paths of both files.</returns>
    /// <exception cref="IOException">The folder or a file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for lack of rights.</exception>
    public static (string Certificate, string Key) Write(string folder, params IEnumerable<string> hosts)
    {
        using X509Certificate2 certificate = Create(hosts);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        Directory.CreateDirectory(folder);
        string certificateFile = Path.Combine(folder, CertificateFile);
        string keyFile = Path.Combine(folder, KeyFile);
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + '\n');
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(keyFile, options);
        writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
