namespace NetLoop;

/// <summary>Whether a TLS listener asks its clients for certificates.</summary>
public enum TlsClientCertificates
{
    /// <summary>It does not ask.</summary>
    None,

    /// <summary>It asks; a client without a certificate is served all the same. A certificate that is sent must be valid.</summary>
    Optional,

    /// <summary>It asks, and serves only clients with a valid certificate.</summary>
    Required,
}
