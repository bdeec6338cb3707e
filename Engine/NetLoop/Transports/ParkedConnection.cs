namespace NetLoop.Transports;

/// <summary>
/// What is left of a connection that has nothing to do: its socket, which the poller watches, and the row of the table that leads to its
/// owner.
/// </summary>
/// <param name="Socket">Owned; readable is what the poller watches for.</param>
/// <param name="Token">Under which the table finds the owner.</param>
/// <param name="Since">When it was parked: milliseconds of the loop clock, which wrap around.</param>
internal readonly record struct ParkedConnection(SocketHandle Socket, Token Token, int Since);
