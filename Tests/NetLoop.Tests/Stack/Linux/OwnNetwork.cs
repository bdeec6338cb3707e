using System.Diagnostics;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

/// <summary>A network namespace for one test: a separate loopback interface.</summary>
internal static partial class OwnNetwork
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET of sched.h

    /// <summary>Runs a test on a thread in a new namespace, or skips it if none can be created.</summary>
    /// <param name="localPorts">The range of local ports that the system assigns to clients: the lowest and the highest.</param>
    /// <param name="test">The test; its sockets, and the programs that it starts, are in the namespace.</param>
    public static void Run(string localPorts, Action test)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Network namespaces are Linux's.");
        }

        string? missing = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (Unshare(NewNetwork) != 0)
                {
                    missing = "a network namespace takes root";
                    return;
                }

                using Process setUp = Process.Start("sh", ["-c", $"ip link set lo up && echo {localPorts} > /proc/sys/net/ipv4/ip_local_port_range"]);
                setUp.WaitForExit();
                if (setUp.ExitCode != 0)
                {
                    missing = "the namespace could not be set up with ip(8) and /proc/sys";
                    return;
                }

                test();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (missing is not null)
        {
            Assert.Ignore(missing);
        }

        if (failure is not null)
        {
            throw new AssertionException(failure.Message, failure);
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare")]
    private static partial int Unshare(int flags);
}
