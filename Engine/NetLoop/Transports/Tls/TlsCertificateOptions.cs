using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NetLoop;

/// <summary>A certificate with its private key: PEM files, or an object.</summary>
public class TlsCertificateOptions
{
    /// <summary>Creates options without a certificate.</summary>
    public TlsCertificateOptions()
    {
    }

    /// <summary>A PEM file with the certificate, followed by those of the authorities that issued it, as certificate authorities deliver it.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>A PEM file with the private key, not encrypted; null if it is in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The certificate as an object, with its private key; used if there is no <see cref="CertificateFile"/>. The caller disposes it.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Whether any certificate is given.</summary>
    internal bool HasCertificate => CertificateFile is not null || Certificate is not null;

    /// <summary>Reads the certificate and the ones that follow it in its file.</summary>
    /// <param name="issuers">The certificates of its authorities.</param>
    /// <exception cref="ArgumentException">There is none, or it cannot be read; the message names the file and the cause.</exception>
    internal X509Certificate2 Load(out X509Certificate2Collection issuers)
    {
        issuers = [];
        if (CertificateFile is null)
        {
            return Certificate switch
            {
                null => throw new ArgumentException("TLS needs a certificate: set CertificateFile and KeyFile, or Certificate."),
                { HasPrivateKey: false } => throw new ArgumentException($"The certificate of {Certificate.Subject} has no private key."),
                _ => Certificate,
            };
        }

        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile ?? CertificateFile);
            issuers.ImportFromPemFile(CertificateFile);
            issuers.RemoveAt(0);
            return OperatingSystem.IsWindows() ? Reimported(certificate) : certificate;
        }
        catch (CryptographicException exception)
        {
            string files = KeyFile is null ? CertificateFile : $"{CertificateFile} and {KeyFile}";
            throw new ArgumentException($"{files} cannot be read as PEM files of a certificate and its private key: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(exception.Message, exception);
        }
    }

    /// <summary>Adds the contents of the files to a hash. Times say too little: links are replaced, and files are copied with their times.</summary>
    /// <exception cref="ArgumentException">A file cannot be read; the message names it.</exception>
    internal void AddFilesTo(IncrementalHash hash)
    {
        try
        {
            foreach (string file in ((string?[])[CertificateFile, KeyFile]).OfType<string>())
            {
                hash.AppendData(File.ReadAllBytes(file));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(exception.Message, exception);
        }
    }

    /// <summary>Windows' TLS cannot use a private key that was never in a key store.</summary>
    private static X509Certificate2 Reimported(X509Certificate2 certificate)
    {
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
