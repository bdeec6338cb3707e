using System.Security.Cryptography.X509Certificates;

namespace NetLoop.Demo.Load;

/// <summary>The settings of a load test.</summary>
/// <param name="Remote">The server: it echoes what it receives, and expects no Hello.</param>
/// <param name="Connections">The number of connections.</param>
/// <param name="InFlight">Messages in flight on each connection, if <paramref name="Rate"/> is 0.</param>
/// <param name="Rate">
/// Messages a second on all connections together, sent on schedule even if responses are late; 0 sends a message for each that comes back.
/// </param>
/// <param name="BlobBytes">Sends Blobs of this size; 0 sends PlayerMoves.</param>
/// <param name="WarmUp">How long the load runs before it is measured.</param>
/// <param name="Duration">How long the load is measured.</param>
/// <param name="Verify">Whether every byte that comes back is compared.</param>
/// <param name="ServerProcess">The server's process, whose processor time is also measured; 0 for none.</param>
internal sealed record LoadSettings(
    NetEndpoint Remote,
    int Connections,
    int InFlight,
    int Rate,
    int BlobBytes,
    TimeSpan WarmUp,
    TimeSpan Duration,
    bool Verify,
    int ServerProcess)
{
    /// <summary>The only authorities that may have issued the server's certificate; null for those of the operating system.</summary>
    public X509Certificate2Collection? Trusted { get; init; }
}
