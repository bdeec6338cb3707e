namespace NetLoop.Transports;

/// <summary>
/// An idle connection without its object: the socket, which the poller watches, and the row of the socket table, which leads to its owner.
/// </summary>
/// <param name="Socket">Owned; the poller watches it for input.</param>
/// <param name="Token">The key of the owner in the socket table.</param>
/// <param name="Since">When it was parked: milliseconds of the loop clock, which wrap around.</param>
internal readonly record struct ParkedConnection(SocketHandle Socket, Token Token, int Since);
