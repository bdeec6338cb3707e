using System.Net;
using System.Net.Sockets;

namespace NetLoop.Tests.Demo.Server;

/// <summary>Many raw connections that send what they are told to and never read.</summary>
internal sealed class Attackers : IDisposable
{
    private readonly Socket[] _sockets;
    private readonly long[] _sent;

    /// <param name="port">On loopback.</param>
    /// <param name="count">How many.</param>
    /// <param name="receiveBufferBytes">How much of the answers the kernel takes; 0 for its default.</param>
    public Attackers(int port, int count, int receiveBufferBytes = 0)
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
            _sockets[i].Blocking = false;
        }
    }

    /// <summary>Sends an opening once, and then the same bytes again and again, each connection as fast as it is read.</summary>
    /// <param name="opening">Sent first.</param>
    /// <param name="data">Sent behind it.</param>
    /// <param name="times">How often each connection sends it.</param>
    /// <param name="until">When to give up on those that are not read.</param>
    public void Flood(byte[] opening, byte[] data, int times, DateTime until)
    {
        long all = opening.Length + ((long)data.Length * times);
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
                    int sent = Send(i, opening, data, all);
                    moved |= sent > 0;
                    _sent[i] = sent < 0 ? all : _sent[i] + sent;
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
    private int Send(int index, byte[] opening, byte[] data, long all)
    {
        long sent = _sent[index];
        ReadOnlySpan<byte> next = sent < opening.Length ? opening.AsSpan((int)sent) : data.AsSpan((int)((sent - opening.Length) % data.Length));
        int count = _sockets[index].Send(next[..(int)Math.Min(next.Length, all - sent)], SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => 0,
            _ => -1,
        };
    }
}
