using System.Runtime.Versioning;

namespace NetLoop.Stack.Linux;

/// <summary>Operations on pages of memory.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class PageMemory
{
    /// <summary>Returns the whole pages inside a pinned array to the system at once. They read as zeros until they are written again.</summary>
    /// <remarks>
    /// The array's header, and anything else on its first and last page, stays as it is. The garbage collector neither reads the content of a byte array nor
    /// moves a pinned one. Source: madvise(2), MADV_DONTNEED on private anonymous memory.
    /// </remarks>
    /// <returns>False if the kernel rejects the call.</returns>
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
