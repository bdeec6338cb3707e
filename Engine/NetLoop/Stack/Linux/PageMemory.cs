using System.Runtime.Versioning;

namespace NetLoop.Stack.Linux;

/// <summary>Memory as the kernel sees it: pages.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class PageMemory
{
    /// <summary>Gives the whole pages inside a pinned array back to the system at once. They read as zeros until they are written to again.</summary>
    /// <remarks>
    /// The array's header and what shares its first and last page stay as they are. The collector neither looks at the content of a byte array nor
    /// moves a pinned one. Source: madvise(2), MADV_DONTNEED on private anonymous memory.
    /// </remarks>
    /// <returns>False when the kernel refuses.</returns>
    public static bool TryVacate(byte[] pinned)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        fixed (byte* start = pinned)
        {
            nuint first = ((nuint)start + page - 1) & ~(page - 1);
            nuint end = ((nuint)start + (nuint)pinned.Length) & ~(page - 1);
            return end > first && Libc.AdviseMemory((void*)first, end - first, Libc.MADV_DONTNEED) == 0;
        }
    }
}
