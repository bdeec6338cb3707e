using NUnit.Framework;

namespace NetLoop.Tests.Stack;

/// <summary>Creates this machine's stacks for the contract suites.</summary>
internal static class PlatformStacks
{
    public static INetworkStack Create(PollerKind kind)
    {
        if (kind is PollerKind.Epoll or PollerKind.Poll && !OperatingSystem.IsLinux())
        {
            Assert.Ignore($"{kind} is a poller of Linux.");
        }

        return NetworkStack.CreateDefault(kind);
    }
}
