using System.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.Demo;

/// <summary>Runs Python programs of this repository; tests that need Python are skipped if it is not installed.</summary>
internal static class Python
{
    /// <summary>Skips the test if python3 is not installed.</summary>
    public static void Require()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("python3", ["--version"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("python3 is not installed");
        }
    }

    /// <summary>Skips the test if python3 or one of its packages is not installed.</summary>
    public static void Require(string package)
    {
        Require();
        using Process process = Process.Start(new ProcessStartInfo("python3", ["-c", $"import {package}"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Assert.Ignore($"python3 has no package '{package}'");
        }
    }

    public static ChildProcess UdpClient(params string[] arguments) =>
        ChildProcess.Start("python3", [Path.Combine(Repository.Root, "Demo/clients/python/netloop_udp.py"), .. arguments]);

    public static ChildProcess Client(params string[] arguments) =>
        ChildProcess.Start("python3", [Path.Combine(Repository.Root, "Demo/clients/python/netloop_client.py"), .. arguments]);

    public static ChildProcess Tutorial(string name, params string[] arguments) =>
        ChildProcess.Start("python3", ["-u", Path.Combine(Repository.Root, "Tests/NetLoop.Tests/Demo/tutorials", name), .. arguments]);
}
