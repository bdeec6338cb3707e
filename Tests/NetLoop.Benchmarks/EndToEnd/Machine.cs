using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The machine on which the benchmark runs.</summary>
internal static class Machine
{
    /// <summary>The core for servers.</summary>
    public const int ServerCore = 0;

    /// <summary>The core for load generators, which is not that of servers.</summary>
    public const int LoadCore = 1;

    private static readonly bool CanPin = OperatingSystem.IsLinux() && Environment.ProcessorCount > 1 && FindProgram("taskset") is not null;

    /// <summary>The repository's folder, if this program runs inside one.</summary>
    public static string? Repository { get; } = FindRepository();

    /// <summary>The netloop program that was built with this one, which runs with its own settings and libraries.</summary>
    public static string NetLoop { get; } = FindNetLoop();

    /// <summary>Describes the machine, the software on it, and the commit: everything that a figure depends on.</summary>
    public static string Describe()
    {
        string processor = OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
                ?? "unknown processor"
            : RuntimeInformation.ProcessArchitecture.ToString();
        return $"{Environment.ProcessorCount} x {processor}; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; commit {Commit()}";
    }

    /// <summary>How to start a program on one core, if that is possible.</summary>
    public static ProcessStartInfo Start(int? core, string program, params IEnumerable<string> arguments)
    {
        var start = core is { } number && CanPin
            ? new ProcessStartInfo("taskset", ["-c", $"{number}", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }

    /// <summary>Returns the path of a program on the PATH; null if there is none.</summary>
    public static string? FindProgram(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program until it ends.</summary>
    /// <returns>Its output on stdout; null if it failed.</returns>
    public static async Task<string?> OutputOfAsync(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await errors.ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0 ? output : null;
    }

    private static string? FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NetLoop.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    private static string FindNetLoop()
    {
        // .../Tests/NetLoop.Benchmarks/bin/Release/net10.0/
        string[] output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^2..];
        return Path.Combine(Repository ?? "", "Demo", "bin", output[0], output[1], "netloop.dll");
    }

    private static string Commit()
    {
        if (Repository is null || FindProgram("git") is null)
        {
            return "unknown";
        }

        return OutputOfAsync(Start(null, "git", "-C", Repository, "rev-parse", "--short", "HEAD")).GetAwaiter().GetResult()?.Trim() ?? "unknown";
    }
}
