using System.Runtime.InteropServices;

namespace NetLoop.Stack.Linux;

/// <summary><c>struct itimerspec</c> of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimerSpec
{
    /// <summary>The time between two expirations; zero for a single expiration.</summary>
    public TimeSpec Interval;

    /// <summary>The time until the first expiration.</summary>
    public TimeSpec First;
}
