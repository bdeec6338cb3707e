using System.Runtime.InteropServices;

namespace NetLoop.Stack.Linux;

/// <summary><c>struct mmsghdr</c> of 64-bit Linux: one message of recvmmsg or sendmmsg.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct MultiMessageHeader
{
    public MessageHeader Message;
    public uint Length;
}
