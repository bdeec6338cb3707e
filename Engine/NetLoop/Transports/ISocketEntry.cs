namespace NetLoop.Transports;

/// <summary>What the socket table finds under a token: a registered socket, or the owner of a connection that is parked.</summary>
internal interface ISocketEntry;
