using System.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.Demo;

/// <summary>Scripts that Node runs; tests that need it are skipped where there is none.</summary>
internal static class Node
{
    /// <summary>Skips the test when node is not installed.</summary>
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

    /// <summary>Starts a script.</summary>
    /// <param name="arguments">The options of node, the script and its own.</param>
    public static ChildProcess Start(params string[] arguments) => ChildProcess.Start("node", arguments);
}
