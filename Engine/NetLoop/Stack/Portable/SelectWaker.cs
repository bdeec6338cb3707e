using System.Net;
using System.Net.Sockets;

namespace NetLoop.Stack.Portable;

/// <summary>Ends a select from another thread, through a UDP socket of the loopback interface that is connected to itself.</summary>
/// <remarks>Thread: <see cref="Wake"/> any, the rest the thread of the poller. Connected, it takes datagrams from nobody else.</remarks>
internal sealed class SelectWaker : IDisposable
{
    private int _pending;

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
        if (Interlocked.Exchange(ref _pending, 1) != 0)
        {
            return;
        }

        try
        {
            _ = Socket.Send([1], SocketFlags.None, out SocketError error);
            if (error != SocketError.Success)
            {
                // Or every later wake would count as part of this one, which nobody sees.
                Interlocked.Exchange(ref _pending, 0);
            }
        }
        catch (ObjectDisposedException)
        {
            // The poller is gone; there is no wait to end.
        }
    }

    /// <summary>Makes ready for the next wake. To be called when a wait saw the socket readable.</summary>
    public void Drain()
    {
        Span<byte> datagram = stackalloc byte[1];
        _ = Socket.Receive(datagram, SocketFlags.None, out _);

        // After the receive, and an exchange, for the reasons given in EventWaker.
        Interlocked.Exchange(ref _pending, 0);
    }

    public void Dispose() => Socket.Dispose();
}
