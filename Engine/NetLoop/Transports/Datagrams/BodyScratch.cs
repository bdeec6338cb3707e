namespace NetLoop.Transports.Datagrams;

/// <summary>Memory for one body while it is encoded.</summary>
/// <remarks>Thread: loop.</remarks>
internal sealed class BodyScratch : IBodyBuffer
{
    private byte[] _memory = new byte[4096];
    private int _maxBytes;

    public bool FoundPoolExhausted => false;

    /// <summary>Begins a body.</summary>
    public Span<byte> Begin(int maxBytes)
    {
        _maxBytes = maxBytes;
        return _memory.AsSpan(0, Math.Min(_memory.Length, maxBytes));
    }

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Written(int bytes) => _memory.AsSpan(0, bytes);

    public Span<byte> Grow(int written, int minimumFree)
    {
        long needed = (long)written + minimumFree;
        if (needed > _maxBytes)
        {
            return default;
        }

        if (needed > _memory.Length)
        {
            Array.Resize(ref _memory, (int)Math.Max(needed, Math.Min(2L * _memory.Length, _maxBytes)));
        }

        return _memory.AsSpan(0, Math.Min(_memory.Length, _maxBytes));
    }
}
