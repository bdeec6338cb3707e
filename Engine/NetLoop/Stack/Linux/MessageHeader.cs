using System.Runtime.InteropServices;

namespace NetLoop.Stack.Linux;

/// <summary><c>struct msghdr</c> of 64-bit Linux, for a gathered send.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public SendSegment* Segments;
    public nuint SegmentCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}
