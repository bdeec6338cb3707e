using System.Net.Sockets;
using NetLoop.Stack.Linux;

namespace NetLoop.Stack.Portable;

/// <summary>The files of Unix listeners. Replaces those of dead listeners, removes those of this process, and touches no others.</summary>
/// <remarks>
/// System.Net.Sockets removes the file of a listener only after it has closed the socket, when the file may belong to another process already. Listening and
/// closing therefore hold the path's lock, as in the Linux stack. On other systems than Linux the lock file stays, because it cannot be removed without a
/// race.
/// </remarks>
internal sealed class UnixPaths
{
    private static readonly TimeSpan ListenPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ClosePatience = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<Socket, string> _listeners = [];

    /// <summary>Makes a socket listen at its path, and replaces the socket file of a dead listener.</summary>
    /// <exception cref="SocketException">The path cannot be bound.</exception>
    public void Listen(Socket socket, UnixDomainSocketEndPoint endpoint, string path, int backlog)
    {
        using IDisposable? held = Lock(path, ListenPatience, out bool isHeldByAnother);
        if (isHeldByAnother)
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }

        try
        {
            socket.Bind(endpoint);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            if (held is null || !IsStale(path, endpoint) || !TryDelete(path))
            {
                throw;
            }

            socket.Bind(endpoint);
        }

        socket.Listen(backlog);
        _listeners.Add(socket, path);
    }

    /// <summary>Closes a socket and removes the file of a listener.</summary>
    public void Close(Socket socket)
    {
        using IDisposable? held = _listeners.Remove(socket, out string? path) ? Lock(path, ClosePatience, out _) : null;
        socket.Dispose();
    }

    private static IDisposable? Lock(string path, TimeSpan patience, out bool isHeldByAnother)
    {
        if (OperatingSystem.IsLinux())
        {
            UnixPathLock? taken = UnixPathLock.TryTake(path, patience, out SocketStatus status);
            isHeldByAnother = status == SocketStatus.AddressInUse;
            return taken;
        }

        FileStream? file = null;
        bool isBusy = false;
        SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    file = new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                    return true;
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    isBusy = error.GetType() == typeof(IOException); // Derived exception types mean that the file cannot exist.
                    return !isBusy;
                }
            },
            patience);
        isHeldByAnother = file is null && isBusy;
        return file;
    }

    private static bool IsStale(string path, UnixDomainSocketEndPoint endpoint)
    {
        // On Linux, a connect to a regular file and one to a dead listener fail with the same error; on other systems the errors differ.
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
