namespace NetLoop.Tests.MessagePack;

/// <summary>Memory that starts empty, grows by exactly the requested size, moves each time, and has a limit.</summary>
internal sealed class GrowingBuffer(int limit) : IWriteBuffer
{
    public byte[] Memory { get; private set; } = [];

    public Span<byte> Grow(int written, int minimumFree)
    {
        if (written + minimumFree > limit)
        {
            return default;
        }

        byte[] grown = new byte[written + minimumFree];
        Memory.AsSpan(0, written).CopyTo(grown);
        return Memory = grown;
    }
}
