using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

/// <summary>Two network namespaces with a cable between them: the real kernel, with a link that can be changed. Removed with the object.</summary>
/// <remarks>Needs root, ip and, for filters and NAT, nft; otherwise the test is skipped and says why.</remarks>
[SupportedOSPlatform("linux")]
internal sealed partial class Namespaces : IDisposable
{
    private const int NetworkNamespace = 0x4000_0000;
    private const int LongestCommand = 30_000;

    private static int _last;

    private Namespaces(string prefix)
    {
        Near = prefix + "n";
        Far = prefix + "f";
    }

    /// <summary>Name of the namespace of clients.</summary>
    public string Near { get; }

    /// <summary>Name of the namespace of servers.</summary>
    public string Far { get; }

    public static string NearAddress => "10.77.0.2";

    public static string FarAddress => "10.77.0.1";

    /// <summary>Makes the namespaces, or skips the test.</summary>
    /// <param name="mtu">Longest packet of the cable.</param>
    /// <param name="needsFilter">Whether the test needs nft.</param>
    public static Namespaces Create(int mtu = 1_500, bool needsFilter = false)
    {
        if (!Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux())
        {
            Assert.Ignore("Network namespaces need root on Linux.");
        }

        if (!File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip"))
        {
            Assert.Ignore("There is no ip (package iproute2).");
        }

        if (needsFilter && !File.Exists("/usr/sbin/nft"))
        {
            Assert.Ignore("There is no nft (package nftables).");
        }

        var made = new Namespaces($"netloop{Environment.ProcessId}{Interlocked.Increment(ref _last)}");
        if (!TryRun("ip", out string refusal, "netns", "add", made.Near))
        {
            Assert.Ignore($"Network namespaces are not permitted here: {refusal}");
        }

        try
        {
            made.Connect(mtu);
        }
        catch
        {
            made.Dispose();
            throw;
        }

        return made;
    }

    /// <summary>Runs a program of the system in one of the namespaces; it must succeed.</summary>
    public static void In(string name, params string[] command) => Run("ip", ["netns", "exec", name, .. command]);

    /// <summary>Runs code with a thread of its own in a namespace. Sockets that it opens stay there; it must start no other threads.</summary>
    public static T Call<T>(string name, Func<T> code)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                int file = Open("/run/netns/" + name, flags: 0);
                int status = SetNamespace(file, NetworkNamespace);
                _ = Close(file);
                if (status != 0)
                {
                    throw new InvalidOperationException($"the namespace {name} cannot be entered: error {Marshal.GetLastPInvokeError()}");
                }

                result = code();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException(failure.Message, failure);
    }

    /// <summary>The command line that starts the netloop program in a namespace.</summary>
    public static string[] NetLoop(string name, params string[] arguments) =>
        ["netns", "exec", name, "dotnet", Path.Combine(AppContext.BaseDirectory, "netloop.dll"), .. arguments];

    /// <summary>Loads rules into the namespace of clients, instead of those before.</summary>
    public void Filter(string rules)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "flush ruleset\n" + rules);
        In(Near, "nft", "-f", file);
        File.Delete(file);
    }

    public void Dispose()
    {
        TryRun("ip", out _, "netns", "del", Near);
        TryRun("ip", out _, "netns", "del", Far);
    }

    private void Connect(int mtu)
    {
        Run("ip", "netns", "add", Far);
        string cable = $"mtu {mtu} address 02:00:00:00:00:0";
        Ip($"link add near netns {Near} {cable}2 type veth peer name far netns {Far} {cable}1");
        foreach ((string name, string device, string address, string other, int last, int firstPort) in new[]
        {
            (Near, "near", NearAddress, FarAddress, 1, 20_000), (Far, "far", FarAddress, NearAddress, 2, 40_000),
        })
        {
            Ip($"-n {name} addr add {address}/24 dev {device}");
            Ip($"-n {name} link set lo up");
            Ip($"-n {name} link set {device} up");

            // Nothing is lost or late because an address is not known yet, or because errors are reported once a second only.
            Ip($"-n {name} neigh replace {other} lladdr 02:00:00:00:00:0{last} dev {device} nud permanent");
            Write(name, "net/ipv4/icmp_ratelimit", "0");
            Write(name, "net/ipv4/ip_local_port_range", $"{firstPort} {firstPort + 9_999}");
        }
    }

    private static void Ip(string arguments) => Run("ip", arguments.Split(' '));

    private static void Write(string name, string setting, string value) => Call(name, () =>
    {
        File.WriteAllText("/proc/sys/" + setting, value);
        return true;
    });

    private static void Run(string file, params string[] arguments)
    {
        if (!TryRun(file, out string output, arguments))
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}: {output}");
        }
    }

    private static bool TryRun(string file, out string output, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        output = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit(LongestCommand);
        return process.ExitCode == 0;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
