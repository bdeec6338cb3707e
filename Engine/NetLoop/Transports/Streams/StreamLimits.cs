namespace NetLoop.Transports.Streams;

/// <summary>Limits of one stream connection. Shared by all connections of a listener or client. Times are nanoseconds.</summary>
/// <param name="MaxSendQueueBytes">Queued bytes at which the connection is a slow consumer.</param>
/// <param name="MaxSendQueueBodies">Queued bodies at which the connection is a slow consumer.</param>
/// <param name="DialTimeout">How long a connection attempt may take.</param>
/// <param name="CloseTimeout">From the decision to close to the reset that ends the wait for the peer.</param>
internal sealed record StreamLimits(int MaxSendQueueBytes, int MaxSendQueueBodies, long DialTimeout, long CloseTimeout)
{
    /// <summary>Queued bytes that the peer may leave waiting for <see cref="MaxBacklogTime"/>.</summary>
    public int MaxBacklogBytes { get; init; } = int.MaxValue;

    /// <summary>How long more than that may be queued.</summary>
    public long MaxBacklogTime { get; init; } = long.MaxValue / 4;

    /// <summary>How long the peer may read nothing while bytes are queued.</summary>
    public long MaxStall { get; init; } = long.MaxValue / 4;
}
