using NetLoop.Stack.Linux;
using NetLoop.Stack.Portable;

namespace NetLoop;

/// <summary>Creates the network stack of this machine.</summary>
public static class NetworkStack
{
    /// <summary>
    /// Creates the stack that has this kind of poller: libc on Linux for Auto, Epoll and Poll; System.Net.Sockets for Select, and for Auto
    /// elsewhere.
    /// </summary>
    /// <remarks>
    /// Thread: any; the stack then belongs to the thread of one loop. The Linux stack raises the process's limit of open files.
    /// </remarks>
    /// <exception cref="PlatformNotSupportedException">The platform does not have this kind of poller; the message lists the available kinds.</exception>
    public static INetworkStack CreateDefault(PollerKind kind)
    {
        if (OperatingSystem.IsLinux() && kind != PollerKind.Select)
        {
            return new LinuxStack();
        }

        return kind is PollerKind.Auto or PollerKind.Select
            ? new PortableStack()
            : throw new PlatformNotSupportedException($"This platform has no {kind} poller: choose {PollerKind.Auto} or {PollerKind.Select}.");
    }
}
