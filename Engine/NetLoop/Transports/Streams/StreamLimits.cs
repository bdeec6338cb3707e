namespace NetLoop.Transports.Streams;

/// <summary>What one stream connection may cost. Shared by all connections of a listener or client.</summary>
/// <param name="MaxSendQueueBytes">Queued bytes at which the connection is a slow consumer.</param>
/// <param name="MaxSendQueueBodies">Queued bodies at which the connection is a slow consumer.</param>
/// <param name="DialTimeout">Nanoseconds a connection attempt may take.</param>
/// <param name="CloseTimeout">Nanoseconds from the decision to close to the reset that ends the wait for the peer.</param>
internal sealed record StreamLimits(int MaxSendQueueBytes, int MaxSendQueueBodies, long DialTimeout, long CloseTimeout);
