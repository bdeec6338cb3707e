using System.Net;
using System.Net.Sockets;

namespace NetLoop.Stack.Portable;

/// <summary>Ends a select from another thread, through a UDP socket of the loopback interface that is connected to itself.</summary>
/// <remarks>Thread: <see cref="Wake"/> any, the rest the thread of the poller. Connected, it takes datagrams from nobody else.</remarks>
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
            // Without room for another datagram there is one that ends the wait.
            _ = Socket.Send([1], SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // The poller is gone; there is no wait to end.
        }
    }

    /// <summary>Ends all wakes so far. To be called when a wait saw the socket readable.</summary>
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
