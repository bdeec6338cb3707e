namespace NetLoop.Stack.Linux;

/// <summary>The only table from Linux error numbers to <see cref="SocketStatus"/>.</summary>
/// <remarks>
/// The numbers are those of asm-generic/errno.h, which x86-64 and arm64 share. Only alpha, mips, parisc and sparc have other numbers. Source: errno(3) and
/// the manual pages of the calls.
/// </remarks>
internal static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int EBADF = 9;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int EFAULT = 14;
    public const int EEXIST = 17;
    public const int ENOTDIR = 20;
    public const int EINVAL = 22;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int ENOSPC = 28;
    public const int EPIPE = 32;
    public const int ENAMETOOLONG = 36;
    public const int ENOSYS = 38;
    public const int ENONET = 64;
    public const int EPROTO = 71;
    public const int ENOTSOCK = 88;
    public const int EMSGSIZE = 90;
    public const int ENOPROTOOPT = 92;
    public const int EPROTONOSUPPORT = 93;
    public const int ESOCKTNOSUPPORT = 94;
    public const int EOPNOTSUPP = 95;
    public const int EAFNOSUPPORT = 97;
    public const int EADDRINUSE = 98;
    public const int EADDRNOTAVAIL = 99;
    public const int ENETDOWN = 100;
    public const int ENETUNREACH = 101;
    public const int ENETRESET = 102;
    public const int ECONNABORTED = 103;
    public const int ECONNRESET = 104;
    public const int ENOBUFS = 105;
    public const int EISCONN = 106;
    public const int ENOTCONN = 107;
    public const int ESHUTDOWN = 108;
    public const int ETIMEDOUT = 110;
    public const int ECONNREFUSED = 111;
    public const int EHOSTDOWN = 112;
    public const int EHOSTUNREACH = 113;
    public const int EALREADY = 114;
    public const int EINPROGRESS = 115;

    public static SocketStatus ToStatus(int errno) => errno switch
    {
        0 => SocketStatus.Ok,
        EAGAIN => SocketStatus.WouldBlock,
        EINTR => SocketStatus.Interrupted,
        EINPROGRESS or EALREADY => SocketStatus.InProgress,
        ECONNRESET or ENETRESET => SocketStatus.ConnectionReset,
        ECONNABORTED => SocketStatus.ConnectionAborted,
        ECONNREFUSED => SocketStatus.ConnectionRefused,
        ETIMEDOUT => SocketStatus.TimedOut,
        EPIPE or ESHUTDOWN => SocketStatus.BrokenPipe,
        ENOTCONN => SocketStatus.NotConnected,
        ENETUNREACH or EHOSTUNREACH or ENETDOWN or EHOSTDOWN or ENONET => SocketStatus.Unreachable,
        EADDRINUSE => SocketStatus.AddressInUse,
        EADDRNOTAVAIL => SocketStatus.AddressNotAvailable,
        EACCES or EPERM => SocketStatus.AccessDenied,
        EMFILE or ENFILE => SocketStatus.TooManyFiles,
        ENOBUFS or ENOMEM or ENOSPC => SocketStatus.NoBuffers,
        ENOENT or ENOTDIR => SocketStatus.NotFound,
        ENAMETOOLONG => SocketStatus.PathTooLong,
        EAFNOSUPPORT or EPROTONOSUPPORT or ESOCKTNOSUPPORT or EOPNOTSUPP or ENOPROTOOPT => SocketStatus.Unsupported,
        EPROTO => SocketStatus.ProtocolError,
        EMSGSIZE => SocketStatus.MessageTooLong,
        EBADF or EINVAL or ENOTSOCK or EFAULT or EEXIST or EISCONN => SocketStatus.InvalidCall,
        _ => SocketStatus.Other,
    };

    /// <summary>The result of a failed call: the status, and the raw number if the status is Other.</summary>
    public static SocketResult ToResult(int errno)
    {
        SocketStatus status = ToStatus(errno);
        return new SocketResult(status, status == SocketStatus.Other ? errno : 0);
    }
}
