namespace NetLoop.Transports;

/// <summary>What the socket table finds under a token.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface ISocketEntry
{
    /// <summary>The poller reported the socket. Called once for each event.</summary>
    void OnReady(Readiness readiness);
}
