namespace NetLoop.Stack.Linux;

/// <summary>Counts the descriptors of this process by the links in /proc/self/fd.</summary>
internal static class ProcDescriptors
{
    /// <summary>Descriptors of an idle .NET server of some forty assemblies: the runtime keeps two for each assembly.</summary>
    public const int Estimate = 128;

    /// <summary>Number of open descriptors; <see cref="Estimate"/> if there is no /proc.</summary>
    public static int Count()
    {
        try
        {
            // One of them is the directory that is being read.
            return Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() - 1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Estimate;
        }
    }
}
