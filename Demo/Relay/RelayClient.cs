using NetLoop.Transports;

namespace NetLoop.Demo.Relay;

/// <summary>A client of the relay: its address, its own socket to the server, and its two paths.</summary>
/// <remarks>Thread: the relay's loop.</remarks>
internal sealed class RelayClient(LossyRelay relay, DatagramAddress address, RelayPath toServer, RelayPath toClient) : ISocketEntry
{
    private PolledSocket _socket = new();

    /// <summary>The address from which the client sends.</summary>
    public DatagramAddress Address => address;

    /// <summary>The path from the client to the server.</summary>
    public RelayPath ToServer => toServer;

    /// <summary>The path from the server to the client.</summary>
    public RelayPath ToClient => toClient;

    /// <summary>When a datagram last came in either direction, in nanoseconds.</summary>
    public long LastUsed { get; set; }

    /// <summary>Its socket, connected to the server; none when it is closed.</summary>
    public SocketHandle Socket => _socket.Handle;

    /// <summary>Takes its socket.</summary>
    /// <returns>False, with the socket still the caller's, when the poller has no room for it.</returns>
    public bool TryBegin(ConnectionSet set, SocketHandle socket) => _socket.Register(set, this, socket, Interest.Readable) == SocketStatus.Ok;

    /// <summary>Closes its socket.</summary>
    public void End(ConnectionSet set) => _socket.Unregister(set, reset: false);

    /// <inheritdoc/>
    public void OnReady(Readiness readiness) => relay.ReceiveFromServer(this);
}
