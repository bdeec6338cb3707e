using System.Net;
using System.Net.Sockets;

namespace NetLoop.Tests.Demo.Server;

/// <summary>Many raw connections that send the given bytes and never read.</summary>
internal sealed class Attackers : IDisposable
{
    /// <summary>
    /// Number of connections that are opened before their responses are awaited: fewer than the server's limit of connections without a session.
    /// </summary>
    private const int Batch = 250;

    private readonly Socket[] _sockets;
    private readonly long[] _sent;

    /// <param name="port">The server's port on loopback.</param>
    /// <param name="count">Number of connections.</param>
    /// <param name="opening">Sent when a connection opens.</param>
    /// <param name="isAnswered">Whether the server responds to it; the response is awaited.</param>
    /// <param name="receiveBufferBytes">Size of the kernel's receive buffer; 0 for its default.</param>
    public Attackers(int port, int count, byte[] opening, bool isAnswered, int receiveBufferBytes)
    {
        _sockets = new Socket[count];
        _sent = new long[count];
        for (int i = 0; i < count; i++)
        {
            _sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            if (receiveBufferBytes > 0)
            {
                _sockets[i].ReceiveBufferSize = receiveBufferBytes;
            }

            _sockets[i].Connect(IPAddress.Loopback, port);
            _sockets[i].Send(opening);
            if (isAnswered && (i % Batch == Batch - 1 || i == count - 1))
            {
                for (int asked = i / Batch * Batch; asked <= i; asked++)
                {
                    _sockets[asked].Poll(ChildProcess.Deadline, SelectMode.SelectRead);
                }
            }
        }

        Array.ForEach(_sockets, static socket => socket.Blocking = false);
    }

    /// <summary>Sends the same bytes repeatedly, on each connection as fast as the server reads.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="times">How often each connection sends them.</param>
    /// <param name="until">The time after which connections that are not read are given up.</param>
    public void Flood(byte[] data, int times, DateTime until)
    {
        long all = (long)data.Length * times;
        bool isDone = false;
        while (!isDone && DateTime.UtcNow < until)
        {
            isDone = true;
            bool moved = false;
            for (int i = 0; i < _sockets.Length; i++)
            {
                if (_sent[i] < all)
                {
                    isDone = false;
                    int sent = Send(i, data, all);
                    moved |= sent > 0;
                    _sent[i] = sent < 0 ? long.MaxValue : _sent[i] + sent;
                }
            }

            if (!moved)
            {
                Thread.Yield();
            }
        }
    }

    public void Dispose()
    {
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }
    }

    /// <returns>Number of bytes accepted; -1 if the connection has ended.</returns>
    private int Send(int index, byte[] data, long all)
    {
        ReadOnlySpan<byte> next = data.AsSpan((int)(_sent[index] % data.Length));
        int count = _sockets[index].Send(next[..(int)Math.Min(next.Length, all - _sent[index])], SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => 0,
            _ => -1,
        };
    }
}
