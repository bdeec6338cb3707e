namespace NetLoop.Transports;

/// <summary>An entry of the socket table, found by its token.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface ISocketEntry
{
    /// <summary>The poller reported the socket. Called once for each event.</summary>
    void OnReady(Readiness readiness);
}
