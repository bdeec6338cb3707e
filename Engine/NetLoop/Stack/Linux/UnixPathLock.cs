using System.Text;

namespace NetLoop.Stack.Linux;

/// <summary>
/// The lock for creating, replacing and removing the file of a Unix listener: <c>PATH.lock</c>, locked by flock(2), so that the kernel releases it when its
/// holder dies.
/// </summary>
/// <remarks>
/// The lock is held for an instant: from bind until listen, when a new listener looks like a dead one, and from the check of a file until its removal. The
/// holder removes the lock file. A process that had opened the removed file sees by the inode that the name now belongs to another file, and starts again.
/// </remarks>
internal sealed unsafe class UnixPathLock : IDisposable
{
    private const string Suffix = ".lock";
    private const uint ReadableAndWritable = 0x1B6; // rw-rw-rw-, less the umask: servers of several users may share a directory.

    private readonly byte[] _name;
    private readonly int _descriptor;

    private UnixPathLock(byte[] name, int descriptor)
    {
        _name = name;
        _descriptor = descriptor;
    }

    /// <summary>Acquires the lock of a path.</summary>
    /// <param name="path">The socket's path.</param>
    /// <param name="patience">How long to wait for another holder.</param>
    /// <param name="status">
    /// Ok; AddressInUse if another holder kept it; TooManyFiles; Unsupported if the file cannot be created, for example in a directory without write
    /// permission.
    /// </param>
    public static UnixPathLock? TryTake(string path, TimeSpan patience, out SocketStatus status)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + Suffix + '\0');
        UnixPathLock? taken = null;
        SocketStatus last = SocketStatus.AddressInUse;
        SpinWait.SpinUntil(() => (last = TryOnce(name, out taken)) != SocketStatus.AddressInUse, patience);
        status = last;
        return taken;
    }

    /// <summary>Removes the lock file, which releases the lock.</summary>
    public void Dispose()
    {
        fixed (byte* name = _name)
        {
            _ = Libc.Unlink(name);
        }

        _ = Libc.Close(_descriptor);
    }

    private static SocketStatus TryOnce(byte[] nameBytes, out UnixPathLock? taken)
    {
        taken = null;
        fixed (byte* name = nameBytes)
        {
            int descriptor = Libc.Open(name, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, ReadableAndWritable);
            if (descriptor < 0)
            {
                return Errno.ToStatus(Libc.LastError) == SocketStatus.TooManyFiles ? SocketStatus.TooManyFiles : SocketStatus.Unsupported;
            }

            if (Libc.FileLock(descriptor, Libc.LOCK_EX | Libc.LOCK_NB) < 0)
            {
                int error = Libc.LastError;
                _ = Libc.Close(descriptor);
                return error is Errno.EAGAIN or Errno.EINTR ? SocketStatus.AddressInUse : SocketStatus.Unsupported;
            }

            if (!IsNamed(descriptor, name))
            {
                _ = Libc.Close(descriptor);
                return SocketStatus.AddressInUse; // Its holder removed it after it was opened, and another one may exist now.
            }

            taken = new UnixPathLock(nameBytes, descriptor);
            return SocketStatus.Ok;
        }
    }

    private static bool IsNamed(int descriptor, byte* name)
    {
        FileStatus opened;
        FileStatus present;
        byte empty = 0;
        return Libc.StatX(descriptor, &empty, Libc.AT_EMPTY_PATH, Libc.STATX_INO, &opened) == 0
            && Libc.StatX(Libc.AT_FDCWD, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_INO, &present) == 0
            && (opened.Inode, opened.DeviceMajor, opened.DeviceMinor) == (present.Inode, present.DeviceMajor, present.DeviceMinor);
    }
}
