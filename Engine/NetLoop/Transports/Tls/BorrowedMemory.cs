using System.Buffers;
using NetLoop.Diagnostics;

namespace NetLoop.Transports.Tls;

/// <summary>Passes a span to an API that takes <see cref="Memory{T}"/>, for the time of one call.</summary>
/// <remarks>Thread: loop. The callee must not keep the memory: after it is taken back, access violates an invariant.</remarks>
internal sealed unsafe class BorrowedMemory : MemoryManager<byte>
{
    private byte* _start;
    private int _length;

    /// <summary>Lends pinned bytes until <see cref="TakeBack"/>.</summary>
    public Memory<byte> Lend(byte* start, int length)
    {
        Invariant.Holds(_start is null);
        _start = start;
        _length = length;
        return CreateMemory(length);
    }

    /// <summary>Ends the loan.</summary>
    public void TakeBack()
    {
        _start = null;
        _length = 0;
    }

    public override Span<byte> GetSpan()
    {
        Invariant.Holds(_start is not null);
        return new Span<byte>(_start, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        Invariant.Holds(_start is not null && (uint)elementIndex <= (uint)_length);
        return new MemoryHandle(_start + elementIndex, pinnable: this);
    }

    public override void Unpin()
    {
        // The lender has pinned the memory.
    }

    protected override void Dispose(bool disposing) => TakeBack();
}
