using NetLoop.Stack.Linux;

namespace NetLoop;

/// <summary>Chooses the network stack of this machine.</summary>
public static class NetworkStack
{
    /// <summary>Makes the stack whose poller is of the given kind: libc on Linux for Auto, Epoll and Poll.</summary>
    /// <remarks>Thread: any; the stack then belongs to the thread of one loop.</remarks>
    /// <exception cref="PlatformNotSupportedException">The platform lacks this kind of poller.</exception>
    public static INetworkStack CreateDefault(PollerKind kind) => OperatingSystem.IsLinux() && kind != PollerKind.Select
        ? new LinuxStack()
        : throw new PlatformNotSupportedException($"This platform has no {kind} poller.");
}
