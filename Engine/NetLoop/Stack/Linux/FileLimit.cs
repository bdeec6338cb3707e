namespace NetLoop.Stack.Linux;

/// <summary>The limit of open files of this process.</summary>
internal static unsafe class FileLimit
{
    /// <summary>Raises the soft limit of open files to the hard limit, for the whole process.</summary>
    /// <returns>The limit; <see cref="int.MaxValue"/> if it is unknown.</returns>
    public static int Raise()
    {
        ResourceLimit limit;
        if (Libc.GetResourceLimit(Libc.RLIMIT_NOFILE, &limit) < 0)
        {
            return int.MaxValue;
        }

        if (limit.Soft < limit.Hard)
        {
            ResourceLimit raised = new() { Soft = limit.Hard, Hard = limit.Hard };
            if (Libc.SetResourceLimit(Libc.RLIMIT_NOFILE, &raised) == 0)
            {
                limit = raised;
            }
        }

        return (int)Math.Min(limit.Soft, int.MaxValue);
    }
}
