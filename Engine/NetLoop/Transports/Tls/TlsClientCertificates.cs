namespace NetLoop;

/// <summary>Whether a TLS listener asks its clients for certificates.</summary>
public enum TlsClientCertificates
{
    /// <summary>It does not ask.</summary>
    None,

    /// <summary>It asks, but also accepts clients without a certificate. A certificate that is sent must be valid.</summary>
    Optional,

    /// <summary>It asks, and accepts only clients with a valid certificate.</summary>
    Required,
}
