using System.Net;
using System.Net.Sockets;

namespace NetLoop.Stack.Portable;

/// <summary>Ends a select from another thread, through a UDP socket on the loopback interface that is connected to itself.</summary>
/// <remarks>Thread: <see cref="Wake"/> any, the others the poller's. A connected socket receives no datagrams from others.</remarks>
internal sealed class SelectWaker : IDisposable
{
    public SelectWaker()
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Socket.Connect(Socket.LocalEndPoint!);
    }

    /// <summary>Readable from a wake until <see cref="Drain"/>.</summary>
    public Socket Socket { get; }

    public void Wake()
    {
        try
        {
            // If there is no room for another datagram, a waiting one already ends the wait.
            _ = Socket.Send([1], SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // The poller is gone; there is no wait to end.
        }
    }

    /// <summary>Resets all wakes so far. Call this when a wait reported the socket as readable.</summary>
    public void Drain()
    {
        Span<byte> datagram = stackalloc byte[1];
        SocketError error;
        do
        {
            _ = Socket.Receive(datagram, SocketFlags.None, out error);
        }
        while (error == SocketError.Success);
    }

    public void Dispose() => Socket.Dispose();
}
