using System.Net.Sockets;

namespace NetLoop.Stack.Portable;

/// <summary>Sets the options of stream sockets.</summary>
internal static class PortableOptions
{
    /// <summary>Applies the options that System.Net.Sockets supports.</summary>
    /// <exception cref="SocketException">The system rejected an option.</exception>
    public static void Apply(Socket socket, in StreamSocketOptions options)
    {
        if (options.SendBufferBytes > 0)
        {
            socket.SendBufferSize = options.SendBufferBytes;
        }

        if (options.ReceiveBufferBytes > 0)
        {
            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        }

        if (socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        if (options.NoDelay)
        {
            socket.NoDelay = true;
        }

        if (options.KeepAlive)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveTiming.IdleSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveTiming.IntervalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveTiming.Probes);
        }
    }
}
