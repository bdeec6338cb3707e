namespace NetLoop.Transports;

/// <summary>Decides how to handle an accepted socket.</summary>
internal interface IAcceptor
{
    /// <summary>False while no further connection may be accepted: the rest waits in the kernel's backlog.</summary>
    bool HasRoom { get; }

    /// <summary>Takes ownership of a connected socket.</summary>
    void OnAccepted(SocketHandle ownedSocket, in NetEndpoint remote);
}
