namespace NetLoop.Demo.Load;

/// <summary>What a command line says about a load.</summary>
/// <param name="Remote">The server: it sends back what it gets, and asks for no Hello.</param>
/// <param name="Connections">How many.</param>
/// <param name="InFlight">Messages of a connection that are on their way at a time, when <paramref name="Rate"/> is 0.</param>
/// <param name="Rate">Messages a second of all connections together, sent when they are due whatever came back; 0 sends as fast as they come back.</param>
/// <param name="BlobBytes">Sends Blobs of so many bytes; 0 sends PlayerMoves.</param>
/// <param name="WarmUp">How long the load runs before it is measured.</param>
/// <param name="Duration">How long it is measured.</param>
/// <param name="Verify">Whether every byte that comes back is compared.</param>
/// <param name="ServerProcess">The server's process, whose processor time is measured too; 0 for none.</param>
internal sealed record LoadSettings(
    NetEndpoint Remote,
    int Connections,
    int InFlight,
    int Rate,
    int BlobBytes,
    TimeSpan WarmUp,
    TimeSpan Duration,
    bool Verify,
    int ServerProcess);
