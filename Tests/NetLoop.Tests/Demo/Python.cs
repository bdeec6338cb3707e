using System.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.Demo;

/// <summary>Python programs of this repository; tests that need Python are skipped where there is none.</summary>
internal static class Python
{
    private static readonly string Root = FindRoot();

    /// <summary>Skips the test when python3 is not installed.</summary>
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

    public static ChildProcess Client(params string[] arguments) =>
        ChildProcess.Start("python3", [Path.Combine(Root, "Demo/clients/python/netloop_client.py"), .. arguments]);

    public static ChildProcess Tutorial(string name, params string[] arguments) =>
        ChildProcess.Start("python3", ["-u", Path.Combine(Root, "Tests/NetLoop.Tests/Demo/tutorials", name), .. arguments]);

    private static string FindRoot()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "NetLoop.sln")))
        {
            directory = Path.GetDirectoryName(directory.TrimEnd('/')) ?? throw new DirectoryNotFoundException("NetLoop.sln is in no directory above the tests");
        }

        return directory;
    }
}
