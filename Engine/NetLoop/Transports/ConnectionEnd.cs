namespace NetLoop.Transports;

/// <summary>How a connection ended.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Failure">The socket's last status when the reason is TransportError; Ok otherwise.</param>
/// <param name="Detail">Further details, for people; null for none.</param>
internal readonly record struct ConnectionEnd(CloseReason Reason, SocketStatus Failure = SocketStatus.Ok, string? Detail = null)
{
    /// <summary>The failure, for people; empty if there was none.</summary>
    public string Text => Detail ?? (Failure == SocketStatus.Ok ? "" : Enum.GetName(Failure)!); // ToString would box it, for every connection that fails.

    /// <summary>Whether the peer ended it.</summary>
    public bool IsByPeer =>
        Reason is CloseReason.Disconnected or CloseReason.Truncated || Failure is SocketStatus.ConnectionReset or SocketStatus.BrokenPipe;
}
