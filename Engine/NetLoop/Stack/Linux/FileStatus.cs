using System.Runtime.InteropServices;

namespace NetLoop.Stack.Linux;

/// <summary>The parts of <c>struct statx</c> that identify a file. Unlike <c>struct stat</c>, it has the same layout on all architectures.</summary>
/// <remarks>Source: statx(2); linux/stat.h.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;

    public readonly bool IsSocket => (Mode & TypeMask) == SocketType;
}
