using System.Net;
using System.Net.Sockets;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>A plain echo with SocketAsyncEventArgs, as in many .NET servers: it copies bytes and does not decode messages.</summary>
internal static class SaeaEcho
{
    private const int BufferBytes = 16 * 1024;

    /// <summary>Serves until the process ends.</summary>
    public static async Task RunAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        await Console.Out.WriteLineAsync($"listening on tcp {listener.LocalEndPoint}").ConfigureAwait(false);
        while (true)
        {
            Socket socket = await listener.AcceptAsync().ConfigureAwait(false);
            socket.NoDelay = true;
            new Connection(socket).Receive();
        }
    }

    private sealed class Connection
    {
        private readonly Socket _socket;
        private readonly SocketAsyncEventArgs _receive = new();
        private readonly SocketAsyncEventArgs _send = new();
        private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);

        public Connection(Socket socket)
        {
            _socket = socket;
            _receive.SetBuffer(_buffer, 0, BufferBytes);
            _receive.Completed += (_, _) => Continue(OnReceived());
            _send.Completed += (_, _) => Continue(OnSent());
        }

        /// <summary>Receives and sends until a call completes asynchronously.</summary>
        public void Receive() => Continue(true);

        private void Continue(bool receives)
        {
            while (receives && !_socket.ReceiveAsync(_receive))
            {
                receives = OnReceived();
            }
        }

        /// <summary>Echoes received bytes; returns whether to receive again.</summary>
        private bool OnReceived()
        {
            if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
            {
                _socket.Dispose();
                return false;
            }

            _send.SetBuffer(_buffer, 0, _receive.BytesTransferred);
            return !_socket.SendAsync(_send) && OnSent();
        }

        private bool OnSent()
        {
            if (_send.SocketError == SocketError.Success)
            {
                return true;
            }

            _socket.Dispose();
            return false;
        }
    }
}
