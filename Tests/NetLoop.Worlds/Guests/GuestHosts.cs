namespace NetLoop.Worlds.Guests;

/// <summary>The two hosts of a guest: one with the engine's clients, and one with raw sockets.</summary>
/// <param name="Clients">A loop for clients.</param>
/// <param name="Raw">Sockets without an engine.</param>
internal sealed record GuestHosts(GuestClients Clients, SimulatedHost Raw)
{
    /// <summary>Whether an address is one of theirs.</summary>
    public bool Have(in NetEndpoint remote) => remote.Address == Clients.Host.Address.Address || remote.Address == Raw.Address.Address;
}
