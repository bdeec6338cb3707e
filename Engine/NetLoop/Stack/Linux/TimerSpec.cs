using System.Runtime.InteropServices;

namespace NetLoop.Stack.Linux;

/// <summary><c>struct itimerspec</c> of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimerSpec
{
    /// <summary>Between two rings; none for one ring only.</summary>
    public TimeSpec Interval;

    /// <summary>Until the first ring.</summary>
    public TimeSpec First;
}
