using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NetLoop.Demo.CommandLine;

/// <summary>The end of a process that was told twice to end and did not: no handlers, no finalizers, nothing that could wait for anything.</summary>
internal static partial class HardExit
{
    /// <summary>How long a run has to end by itself after the second signal.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Ends the process some time after a token is cancelled, whatever it does then.</summary>
    public static void After(CancellationToken abort)
    {
        // A thread of its own: the pool's may all be blocked. The handle is set before the token calls anybody, who might block as well.
        WaitHandle told = abort.WaitHandle;
        var thread = new Thread(() =>
        {
            told.WaitOne();
            Thread.Sleep(Grace);
            Now();
        })
        {
            Name = "hard exit",
            IsBackground = true,
        };
        thread.Start();
    }

    private static void Now()
    {
        if (!OperatingSystem.IsWindows())
        {
            ExitAtOnce(ExitCode.Failure);
        }

        Process.GetCurrentProcess().Kill();
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitAtOnce(int code);
}
