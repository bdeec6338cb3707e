using System.Net;
using System.Net.Sockets;

namespace NetLoop.Tests.Demo.Server;

/// <summary>Many raw connections that send what they are told to and never read.</summary>
internal sealed class Attackers : IDisposable
{
    /// <summary>Connections that are opened before the answers are waited for: fewer than a server lets be open without a session.</summary>
    private const int Batch = 250;

    private readonly Socket[] _sockets;
    private readonly long[] _sent;

    /// <param name="port">On loopback.</param>
    /// <param name="count">How many.</param>
    /// <param name="opening">Sent at once.</param>
    /// <param name="isAnswered">Whether the server says something to that, which is waited for.</param>
    /// <param name="receiveBufferBytes">How much of the answers the kernel takes; 0 for its default.</param>
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

    /// <summary>Sends the same bytes again and again, each connection as fast as it is read.</summary>
    /// <param name="data">What.</param>
    /// <param name="times">How often each connection sends it.</param>
    /// <param name="until">When to give up on those that are not read.</param>
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

    /// <returns>Bytes taken; -1 when the connection is over.</returns>
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
