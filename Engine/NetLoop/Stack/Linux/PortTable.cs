namespace NetLoop.Stack.Linux;

/// <summary>Finds the processes that hold a port, as <c>ss -lntup</c> does.</summary>
/// <remarks>
/// Thread: any. It reads /proc of every process, which takes milliseconds: use it for error texts and tools, not in a running loop.
/// </remarks>
internal static class PortTable
{
    /// <summary>Whether the platform has this information: Linux with /proc.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && File.Exists("/proc/net/tcp");

    /// <summary>Finds the sockets that listen (TCP) or are bound and not connected (UDP) on a port of any address.</summary>
    /// <param name="port">1 to 65535.</param>
    /// <returns>One entry for each socket and each process that shares it; the process is 0 if this user may not see the owner.</returns>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not 1 to 65535.</exception>
    public static IReadOnlyList<PortHolder> Find(int port)
    {
        if (port is < 1 or > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(port), port, "A port to look for is a number from 1 to 65535.");
        }

        if (!IsSupported)
        {
            throw new PlatformNotSupportedException("Finding the holder of a port works only on Linux, through /proc.");
        }

        List<BoundSocket> sockets = ProcNet.ReadBound(port);
        ILookup<ulong, ProcessEntry> owners = ProcProcesses.OwnersOf([.. sockets.Select(socket => socket.Inode)]);
        return [.. sockets.SelectMany(socket => owners[socket.Inode].DefaultIfEmpty(ProcessEntry.Unknown), Describe)];
    }

    /// <summary>Names the process that holds an endpoint, such as "process 4711 (dotnet)"; null if unknown.</summary>
    internal static string? DescribeHolder(NetEndpoint endpoint)
    {
        if (!IsSupported)
        {
            return null;
        }

        HashSet<ulong> inodes = endpoint.Transport == TransportKind.Unix ? ProcNet.ReadUnixListeners(endpoint.Path) : ListenersOn(endpoint);
        ProcessEntry? owner = ProcProcesses.OwnersOf(inodes).FirstOrDefault()?.First();
        return owner is null ? null : $"process {owner.Id} ({owner.Name})";
    }

    /// <summary>The sockets that prevent binding an endpoint: a wildcard conflicts with every address, and the reverse.</summary>
    private static HashSet<ulong> ListenersOn(NetEndpoint endpoint) =>
        [.. from socket in ProcNet.ReadBound(endpoint.Port)
            let isUdp = socket.State is null
            where isUdp == (endpoint.Transport == TransportKind.Udp)
            where socket.Local.IsAny || endpoint.IsAny || socket.Local.Address == endpoint.Address
            select socket.Inode];

    private static PortHolder Describe(BoundSocket socket, ProcessEntry process) =>
        new(socket.Protocol, socket.Local, socket.State, process.Id, process.Name, process.CommandLine);
}
