using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NetLoop.Demo.CommandLine;

/// <summary>Ends a process that did not end after two signals: without handlers, finalizers or anything else that could block.</summary>
internal static partial class HardExit
{
    /// <summary>How long a run may take to end by itself after the second signal.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Ends the process some time after a token is cancelled, whatever it is doing then.</summary>
    public static void After(CancellationToken abort)
    {
        // On its own thread, because those of the pool may all be blocked. The handle is set before the token runs its callbacks, which might block as
        // well.
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
