using System.Net.Sockets;
using NetLoop.Diagnostics;

namespace NetLoop.Stack.Portable;

/// <summary>The open sockets of one portable stack, by handle. A handle is an index that is reused after its socket is closed, like a descriptor.</summary>
internal sealed class SocketTable
{
    private readonly List<Socket?> _sockets = [];
    private readonly Stack<int> _free = new();

    public SocketHandle Add(Socket ownedSocket)
    {
        if (_free.TryPop(out int index))
        {
            _sockets[index] = ownedSocket;
            return new SocketHandle(index);
        }

        _sockets.Add(ownedSocket);
        return new SocketHandle(_sockets.Count - 1);
    }

    /// <summary>The socket of a handle; null if it is not open.</summary>
    public Socket? Find(SocketHandle handle) => (uint)handle.Value < (uint)_sockets.Count ? _sockets[handle.Value] : null;

    /// <summary>Removes a socket from the table and returns it for closing.</summary>
    public Socket Remove(SocketHandle handle)
    {
        Socket? socket = Find(handle);
        Invariant.Holds(socket is not null);
        _sockets[handle.Value] = null;
        _free.Push(handle.Value);
        return socket;
    }
}
