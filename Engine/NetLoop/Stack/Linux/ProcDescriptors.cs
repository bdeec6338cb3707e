namespace NetLoop.Stack.Linux;

/// <summary>Counts the descriptors of this process by the links in /proc/self/fd.</summary>
internal static class ProcDescriptors
{
    /// <summary>What an idle .NET server of some forty assemblies holds: the runtime keeps two descriptors of each.</summary>
    public const int Estimate = 128;

    /// <summary>How many are open; <see cref="Estimate"/> where there is no /proc.</summary>
    public static int Count()
    {
        try
        {
            // One of them is the folder that is being read.
            return Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() - 1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Estimate;
        }
    }
}
