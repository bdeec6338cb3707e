namespace NetLoop.Demo.Certificates;

/// <summary>The files that <c>netloop certificate</c> wrote, for programs.</summary>
/// <param name="Certificate">Path of the certificate.</param>
/// <param name="Key">Path of the private key.</param>
internal sealed record CertificateSummary(string Certificate, string Key);
