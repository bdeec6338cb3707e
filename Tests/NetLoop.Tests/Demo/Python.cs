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

    /// <summary>Starts the client over TCP, TLS and Unix sockets, with nothing but the standard library.</summary>
    public static ChildProcess Client(params string[] arguments) => Start("netloop_client.py", arguments);

    /// <summary>Starts the client over WebSocket, with nothing but the standard library.</summary>
    public static ChildProcess WebSocketClient(params string[] arguments) => Start("netloop_websocket.py", arguments);

    /// <summary>Starts the client over UDP. It needs the package <c>cryptography</c>.</summary>
    public static ChildProcess UdpClient(params string[] arguments) => ChildProcess.Start("python3", [Script("netloop_udp.py"), .. arguments]);

    /// <summary>Starts a client of this repository without installed packages (<c>-S</c>).</summary>
    public static ChildProcess Start(string script, params string[] arguments) => ChildProcess.Start("python3", ["-S", Script(script), .. arguments]);

    public static ChildProcess Tutorial(string name, params string[] arguments) =>
        ChildProcess.Start("python3", ["-u", Path.Combine(Repository.Root, "Tests/NetLoop.Tests/Demo/tutorials", name), .. arguments]);

    private static string Script(string name) => Path.Combine(Repository.Root, "Demo/clients/python", name);
}
