using System.Runtime.InteropServices;

namespace NetLoop.Demo.Port;

/// <summary>Asks a process to end. .NET's own class can only end it by force.</summary>
internal static partial class ProcessSignal
{
    private const int Terminate = 15;

    /// <summary>Sends SIGTERM.</summary>
    /// <returns>False if the signal may not be sent, or the process no longer exists.</returns>
    public static bool SendTerminate(int processId) => Kill(processId, Terminate) == 0;

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
