namespace NetLoop;

/// <summary>Options of a datagram socket when it is opened.</summary>
/// <param name="ReceiveBufferBytes">Size of the kernel's receive buffer to ask for; 0 keeps the default. The kernel may give less.</param>
/// <param name="SendBufferBytes">Size of the kernel's send buffer to ask for; 0 keeps the default.</param>
/// <param name="IsUnfragmented">Whether datagrams longer than the path allows are dropped instead of fragmented (the DF bit), for path MTU discovery.</param>
public readonly record struct DatagramSocketOptions(int ReceiveBufferBytes, int SendBufferBytes, bool IsUnfragmented)
{
    /// <summary>
    /// Whether other sockets that are opened with this option may be bound to the same port. The system distributes datagrams between them by sender, so that
    /// those of one sender reach the same socket. Only where <see cref="INetworkStack.CanShareSockets"/>.
    /// </summary>
    public bool IsShared { get; init; }
}
