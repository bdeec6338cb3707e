namespace NetLoop;

/// <summary>The result of a socket call. Every stack translates its platform's codes into these values; no call throws.</summary>
/// <remarks>Thread: any. Source: the POSIX errno that each member names. <c>SocketStatusExtensions.Classify</c> tells how to handle a status.</remarks>
public enum SocketStatus
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>Nothing to do now; wait for readiness (EAGAIN, EWOULDBLOCK).</summary>
    WouldBlock,

    /// <summary>A signal arrived first; call again (EINTR).</summary>
    Interrupted,

    /// <summary>The connection attempt continues; wait until the socket is writable (EINPROGRESS).</summary>
    InProgress,

    /// <summary>The peer reset the connection (ECONNRESET).</summary>
    ConnectionReset,

    /// <summary>The connection ended before it was accepted (ECONNABORTED).</summary>
    ConnectionAborted,

    /// <summary>Nobody listens there (ECONNREFUSED).</summary>
    ConnectionRefused,

    /// <summary>The peer does not answer (ETIMEDOUT).</summary>
    TimedOut,

    /// <summary>Sending after the connection ended (EPIPE, ESHUTDOWN).</summary>
    BrokenPipe,

    /// <summary>The socket is not connected (ENOTCONN).</summary>
    NotConnected,

    /// <summary>No route, or the network or host is down (ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN).</summary>
    Unreachable,

    /// <summary>Another socket holds the address (EADDRINUSE).</summary>
    AddressInUse,

    /// <summary>The address is not one of this machine, or no ephemeral port is free (EADDRNOTAVAIL).</summary>
    AddressNotAvailable,

    /// <summary>Not allowed (EACCES, EPERM).</summary>
    AccessDenied,

    /// <summary>The process or the system has no free descriptor (EMFILE, ENFILE).</summary>
    TooManyFiles,

    /// <summary>The kernel is short of socket memory (ENOBUFS, ENOMEM).</summary>
    NoBuffers,

    /// <summary>The path does not exist (ENOENT, ENOTDIR).</summary>
    NotFound,

    /// <summary>The path of a Unix socket is longer than the platform allows (ENAMETOOLONG; 107 bytes on Linux).</summary>
    PathTooLong,

    /// <summary>The platform has no such socket, option or address (EAFNOSUPPORT, EPROTONOSUPPORT, EOPNOTSUPP).</summary>
    Unsupported,

    /// <summary>An error in the underlying protocol (EPROTO).</summary>
    ProtocolError,

    /// <summary>The call itself was wrong: a bad descriptor or argument (EBADF, EINVAL, ENOTSOCK, EFAULT). Our bug.</summary>
    InvalidCall,

    /// <summary>The datagram is longer than the path or the socket allows (EMSGSIZE).</summary>
    MessageTooLong,

    /// <summary>Any other code; <see cref="SocketResult.Count"/> has the raw number where a result is returned.</summary>
    Other,
}
