using System.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.Demo;

/// <summary>Runs scripts with Node; tests that need it are skipped if it is not installed.</summary>
internal static class Node
{
    /// <summary>The folder in which <c>npm install --prefix</c> put the packages.</summary>
    public static string Modules { get; } =
        Path.Combine(Environment.GetEnvironmentVariable("NETLOOP_NODE_PACKAGES") ?? Path.Combine(Path.GetTempPath(), "netloop-node"), "node_modules");

    /// <summary>Skips the test if node is not installed.</summary>
    public static void Require()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("node is not installed");
        }
    }

    /// <summary>Skips the test if an npm package is not installed.</summary>
    public static void RequireModule(string name)
    {
        if (!Directory.Exists(Path.Combine(Modules, name)))
        {
            Assert.Ignore($"{name} is not there: npm install --prefix {Path.GetDirectoryName(Modules)} ws@8.23.0 undici@7.30.2 typescript@5.9.3");
        }
    }

    /// <summary>Starts a script.</summary>
    /// <param name="arguments">The options of node, the script and its arguments.</param>
    public static ChildProcess Start(params string[] arguments) => ChildProcess.Start("node", arguments);
}
