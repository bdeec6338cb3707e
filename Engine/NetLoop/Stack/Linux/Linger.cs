using System.Runtime.InteropServices;

namespace NetLoop.Stack.Linux;

/// <summary><c>struct linger</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Linger
{
    public int OnOff;
    public int Seconds;
}
