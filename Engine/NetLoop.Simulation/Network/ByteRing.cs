namespace NetLoop.Simulation;

/// <summary>A queue of bytes that grows when necessary.</summary>
internal struct ByteRing
{
    private const int SmallestBytes = 1024;

    private byte[]? _bytes;
    private int _first;

    /// <summary>Bytes written and not read.</summary>
    public int Count { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        byte[] ring = Grow(Count + bytes.Length);
        int start = (_first + Count) & (ring.Length - 1);
        int atEnd = Math.Min(bytes.Length, ring.Length - start);
        bytes[..atEnd].CopyTo(ring.AsSpan(start));
        bytes[atEnd..].CopyTo(ring);
        Count += bytes.Length;
    }

    /// <param name="destination">At most as long as the number of bytes.</param>
    public void Read(Span<byte> destination)
    {
        Copy(destination);
        _first = _bytes is null ? 0 : (_first + destination.Length) & (_bytes.Length - 1);
        Count -= destination.Length;
    }

    private readonly void Copy(Span<byte> destination)
    {
        ReadOnlySpan<byte> ring = _bytes;
        int atEnd = Math.Min(destination.Length, ring.Length - _first);
        ring.Slice(_first, atEnd).CopyTo(destination);
        ring[..(destination.Length - atEnd)].CopyTo(destination[atEnd..]);
    }

    private byte[] Grow(int needed)
    {
        if (_bytes is not null && needed <= _bytes.Length)
        {
            return _bytes;
        }

        int length = _bytes?.Length ?? SmallestBytes;
        while (length < needed)
        {
            length *= 2;
        }

        byte[] larger = new byte[length];
        Copy(larger.AsSpan(0, Count));
        _first = 0;
        return _bytes = larger;
    }
}
