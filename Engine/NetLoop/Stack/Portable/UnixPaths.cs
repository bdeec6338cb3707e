using System.Net.Sockets;
using NetLoop.Stack.Linux;

namespace NetLoop.Stack.Portable;

/// <summary>The files of Unix listeners: replaces those of dead listeners, removes our own, touches no other.</summary>
/// <remarks>
/// System.Net.Sockets removes the file itself when it closes a listener; <see cref="Remove"/> is for a listener that is still open.
/// </remarks>
internal sealed class UnixPaths
{
    private readonly HashSet<string> _ours = new(StringComparer.Ordinal);

    /// <summary>Binds a socket to its path, replacing the socket file of a listener that is gone.</summary>
    /// <exception cref="SocketException">The path cannot be bound.</exception>
    public void Bind(Socket socket, UnixDomainSocketEndPoint endpoint, string path)
    {
        try
        {
            socket.Bind(endpoint);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            if (!IsStale(path, endpoint) || !TryDelete(path))
            {
                throw;
            }

            socket.Bind(endpoint);
        }

        _ours.Add(path);
    }

    /// <summary>Removes the file of a path bound here.</summary>
    public void Remove(string path)
    {
        if (_ours.Remove(path))
        {
            TryDelete(path);
        }
    }

    private static bool IsStale(string path, UnixDomainSocketEndPoint endpoint)
    {
        // Linux refuses a connect to a regular file in the same words as one to a dead listener; the other systems do not.
        if (OperatingSystem.IsLinux() && !UnixSocketFiles.IsSocket(path))
        {
            return false;
        }

        try
        {
            using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            probe.Connect(endpoint);
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
