using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetLoop;

/// <summary>
/// A piece of pinned memory in a gathered send; laid out like <c>struct iovec</c>, so that a list of segments can be passed to the kernel unchanged.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly unsafe struct SendSegment
{
    /// <summary>Maximum number of segments of one send; the kernel's own limit is 1,024 (UIO_MAXIOV).</summary>
    public const int MaxPerSend = 64;

    private readonly byte* _start;
    private readonly nint _length;

    /// <summary>Creates a segment of a span whose memory is pinned until the send returns.</summary>
    public SendSegment(ReadOnlySpan<byte> pinned)
    {
        _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned));
        _length = pinned.Length;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => new(_start, (int)_length);
}
