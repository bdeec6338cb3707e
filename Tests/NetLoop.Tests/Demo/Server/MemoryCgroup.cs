using System.Globalization;

namespace NetLoop.Tests.Demo.Server;

/// <summary>A memory cgroup with a limit, if the tests may create one: as root, of version 1 or 2.</summary>
internal sealed class MemoryCgroup : IDisposable
{
    private readonly string _folder;

    private MemoryCgroup(string folder) => _folder = folder;

    /// <summary>The file to which a process id is written to put the process into the group.</summary>
    public string Members => Path.Combine(_folder, "cgroup.procs");

    /// <returns>Null if no such group can be created.</returns>
    public static MemoryCgroup? TryCreate(long bytes)
    {
        return TryCreate("/sys/fs/cgroup/memory", "memory.limit_in_bytes", bytes) ?? TryCreate("/sys/fs/cgroup", "memory.max", bytes);
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder);
        }
        catch (IOException)
        {
            // The kernel has not released the last process yet; an empty group costs nothing.
        }
    }

    private static MemoryCgroup? TryCreate(string root, string limit, long bytes)
    {
        string folder = Path.Combine(root, $"netloop-tests-{Environment.ProcessId}");
        if (!OperatingSystem.IsLinux() || !Directory.Exists(root))
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(folder);
            if (File.Exists(Path.Combine(folder, limit)))
            {
                File.WriteAllText(Path.Combine(folder, limit), bytes.ToString(CultureInfo.InvariantCulture));
                return new MemoryCgroup(folder);
            }

            Directory.Delete(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not permitted.
        }

        return null;
    }
}
