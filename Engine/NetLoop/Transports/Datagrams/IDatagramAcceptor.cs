using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Transports.Datagrams;

/// <summary>Decides about the clients of a UDP listener.</summary>
/// <remarks>Thread: loop, unless a member says otherwise.</remarks>
internal interface IDatagramAcceptor
{
    /// <summary>Whether there is room for another client.</summary>
    bool MayConnect(in NetEndpoint remote);

    /// <summary>Takes a connection that is ready to be opened.</summary>
    void OnConnected(DatagramConnection connection, in NetEndpoint remote);

    /// <summary>Lets the loop call <see cref="UdpServer.EndIfReplaced"/>. Thread: any.</summary>
    void PostReplaced(UdpServer server, NetcodePeer peer);
}
