namespace NetLoop.Diagnostics;

/// <summary>What the process did with its time so far.</summary>
/// <param name="GarbageCollection">How long the garbage collector kept all threads still.</param>
/// <param name="Cpu">Processor time of all threads.</param>
internal readonly record struct ProcessTimes(TimeSpan GarbageCollection, TimeSpan Cpu)
{
    /// <summary>Reads both: one system call.</summary>
    public static ProcessTimes Read() => new(GC.GetTotalPauseDuration(), OperatingSystem.IsBrowser() ? default : Environment.CpuUsage.TotalTime);
}
