namespace NetLoop.Diagnostics;

/// <summary>Time that the process has spent so far.</summary>
/// <param name="GarbageCollection">Total time for which the garbage collector paused all threads.</param>
/// <param name="Cpu">Processor time of all threads.</param>
internal readonly record struct ProcessTimes(TimeSpan GarbageCollection, TimeSpan Cpu)
{
    /// <summary>Reads both values with one system call.</summary>
    public static ProcessTimes Read() => new(GC.GetTotalPauseDuration(), OperatingSystem.IsBrowser() ? default : Environment.CpuUsage.TotalTime);
}
