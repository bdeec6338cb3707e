namespace NetLoop;

/// <summary>The system call that waits for readiness.</summary>
public enum PollerKind
{
    /// <summary>The best one of the platform: epoll on Linux, select elsewhere.</summary>
    Auto,

    /// <summary>Linux epoll: its cost grows only with the number of ready sockets.</summary>
    Epoll,

    /// <summary>POSIX poll on Linux: its cost grows with the number of all sockets. For comparison, and as a check of epoll.</summary>
    Poll,

    /// <summary>The portable stack on System.Net.Sockets with Socket.Select: for Windows and macOS, and as a check of the others.</summary>
    Select,
}
