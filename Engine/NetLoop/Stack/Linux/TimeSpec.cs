using System.Runtime.InteropServices;

namespace NetLoop.Stack.Linux;

/// <summary><c>struct timespec</c> of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TimeSpec(long nanoseconds)
{
    private readonly long _seconds = nanoseconds / 1_000_000_000;
    private readonly long _nanoseconds = nanoseconds % 1_000_000_000;
}
