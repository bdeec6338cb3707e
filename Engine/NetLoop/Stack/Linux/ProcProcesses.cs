using System.Globalization;

namespace NetLoop.Stack.Linux;

/// <summary>Finds the processes that have a socket, by the links in /proc/PID/fd. Processes that end meanwhile or belong to other users are skipped.</summary>
internal static class ProcProcesses
{
    private const string LinkPrefix = "socket:[";

    /// <summary>The owners of each of the sockets.</summary>
    public static ILookup<ulong, ProcessEntry> OwnersOf(HashSet<ulong> inodes)
    {
        List<(ulong Inode, ProcessEntry Process)> owners = [];
        if (inodes.Count > 0)
        {
            foreach (string directory in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                {
                    AddOwned(owners, inodes, directory, id);
                }
            }
        }

        return owners.Distinct().ToLookup(owner => owner.Inode, owner => owner.Process);
    }

    private static void AddOwned(List<(ulong Inode, ProcessEntry Process)> owners, HashSet<ulong> inodes, string directory, int id)
    {
        try
        {
            foreach (string descriptor in Directory.EnumerateFileSystemEntries($"{directory}/fd"))
            {
                if (TryReadInode(descriptor, out ulong inode) && inodes.Contains(inode))
                {
                    string commandLine = File.ReadAllText($"{directory}/cmdline").TrimEnd('\0').Replace('\0', ' ');
                    owners.Add((inode, new ProcessEntry(id, File.ReadAllText($"{directory}/comm").TrimEnd('\n'), commandLine)));
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or this user may not read it.
        }
    }

    private static bool TryReadInode(string descriptor, out ulong inode)
    {
        inode = 0;
        string? target = new FileInfo(descriptor).LinkTarget;
        return target is not null
            && target.StartsWith(LinkPrefix, StringComparison.Ordinal)
            && ulong.TryParse(target.AsSpan(LinkPrefix.Length).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out inode);
    }
}
