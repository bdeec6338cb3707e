using System.Text;

namespace NetLoop.Stack.Linux;

/// <summary>The files of Unix listeners. Replaces those of dead listeners, removes those of this process, and touches no others.</summary>
internal sealed unsafe class UnixSocketFiles
{
    // Other processes hold the lock for microseconds, unless they are suspended meanwhile.
    private static readonly TimeSpan ListenPatience = TimeSpan.FromSeconds(2);

    /// <summary>The file of each path that this process bound, so that it never removes a file that another process has created there since.</summary>
    private readonly Dictionary<string, Identity> _ours = new(StringComparer.Ordinal);

    /// <summary>Makes a socket listen at its path, and replaces the socket file of a dead listener.</summary>
    /// <remarks>
    /// Holds the path's lock: if several servers start on one path at once, they run one after the other, and all but one find the path in use. If the lock
    /// file cannot be created, nothing is replaced.
    /// </remarks>
    public SocketStatus Listen(int socket, in NetEndpoint endpoint, int backlog)
    {
        using UnixPathLock? held = UnixPathLock.TryTake(endpoint.Path, ListenPatience, out SocketStatus lockStatus);
        if (lockStatus is SocketStatus.AddressInUse or SocketStatus.TooManyFiles)
        {
            return lockStatus;
        }

        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.Write(endpoint, new Span<byte>(address, SocketAddress.MaxBytes));
        SocketStatus status = Libc.StatusOf(Libc.Bind(socket, address, length));
        if (status == SocketStatus.AddressInUse && IsStale(endpoint.Path, address, length) && held is not null && Delete(endpoint.Path))
        {
            status = Libc.StatusOf(Libc.Bind(socket, address, length));
        }

        if (status != SocketStatus.Ok)
        {
            return status;
        }

        status = Libc.StatusOf(Libc.Listen(socket, backlog));
        if (status == SocketStatus.Ok && TryIdentify(endpoint.Path, out Identity file))
        {
            _ours[endpoint.Path] = file;
        }
        else if (status != SocketStatus.Ok)
        {
            Delete(endpoint.Path);
        }

        return status;
    }

    /// <summary>Removes the file of a path that this process listens on, if it is still the same file.</summary>
    /// <remarks>
    /// Called while the listener is open: until it closes, no other file can have the same inode, and nobody takes the file for stale and replaces it.
    /// </remarks>
    public void Remove(in NetEndpoint endpoint)
    {
        if (endpoint.Transport == TransportKind.Unix
            && _ours.Remove(endpoint.Path, out Identity ours)
            && TryIdentify(endpoint.Path, out Identity present)
            && present == ours)
        {
            Delete(endpoint.Path);
        }
    }

    /// <summary>Whether a path leads to a socket, and not to a file of another type or to nothing.</summary>
    public static bool IsSocket(string path) => TryIdentify(path, out Identity file) && file.IsSocket;

    private static bool IsStale(string path, byte* address, uint length)
    {
        // A connect to a regular file is refused too, so check the type first.
        if (!IsSocket(path))
        {
            return false;
        }

        int probe = Libc.Socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (probe < 0)
        {
            return false;
        }

        bool refused = Libc.Connect(probe, address, length) < 0 && Libc.LastError == Errno.ECONNREFUSED;
        _ = Libc.Close(probe);
        return refused;
    }

    private static bool TryIdentify(string path, out Identity identity)
    {
        FileStatus status;
        byte* name = stackalloc byte[SocketAddress.MaxBytes];
        _ = Encoding.UTF8.GetBytes(path, new Span<byte>(name, NetEndpoint.MaxUnixPathBytes));
        if (Libc.StatX(Libc.AT_FDCWD, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_TYPE | Libc.STATX_INO, &status) < 0)
        {
            identity = default;
            return false;
        }

        identity = new Identity(status.DeviceMajor, status.DeviceMinor, status.Inode, status.IsSocket);
        return true;
    }

    private static bool Delete(string path)
    {
        byte* name = stackalloc byte[SocketAddress.MaxBytes];
        _ = Encoding.UTF8.GetBytes(path, new Span<byte>(name, NetEndpoint.MaxUnixPathBytes));
        return Libc.Unlink(name) == 0;
    }

    private readonly record struct Identity(uint DeviceMajor, uint DeviceMinor, ulong Inode, bool IsSocket);
}
