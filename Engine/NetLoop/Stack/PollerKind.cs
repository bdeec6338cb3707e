namespace NetLoop;

/// <summary>Which system call waits for readiness.</summary>
public enum PollerKind
{
    /// <summary>The best the platform has: epoll on Linux, select elsewhere.</summary>
    Auto,

    /// <summary>Linux epoll: its cost grows with the ready sockets only.</summary>
    Epoll,

    /// <summary>POSIX poll on Linux: its cost grows with all sockets; for comparison and as a check of epoll.</summary>
    Poll,

    /// <summary>The portable stack on System.Net.Sockets with Socket.Select: for Windows and macOS, and as a check of the others.</summary>
    Select,
}
