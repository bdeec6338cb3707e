using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NetLoop.Fuzzing.Running;

/// <summary>Processor time of the calling thread where the system reports it; otherwise elapsed time.</summary>
/// <remarks>Processor time does not grow while a thread waits for a core on a busy machine.</remarks>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3;

    /// <summary>The time so far.</summary>
    public static TimeSpan Now
    {
        get
        {
            if (OperatingSystem.IsLinux() && GetTime(ThreadProcessorTime, out Moment moment) == 0)
            {
                return new TimeSpan((moment.Seconds * TimeSpan.TicksPerSecond) + (moment.Nanoseconds / TimeSpan.NanosecondsPerTick));
            }

            return Stopwatch.GetElapsedTime(0);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Moment moment);

    [StructLayout(LayoutKind.Sequential)]
    private struct Moment
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
