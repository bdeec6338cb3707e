namespace NetLoop.Fuzzing.Mutation;

/// <summary>A fuzzer's input under construction. What does not fit is cut off silently: inputs may end anywhere.</summary>
internal sealed class InputBuffer
{
    /// <summary>Longest input: several times the longest piece that any parser holds, and still fast.</summary>
    public const int MaxBytes = 4_096;

    private readonly byte[] _bytes = new byte[MaxBytes];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public Span<byte> Editable => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = Math.Min(Length, length);

    public void Add(byte value)
    {
        if (Length < MaxBytes)
        {
            _bytes[Length++] = value;
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes - Length)];
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Adds the lowest bytes of a number in big-endian order.</summary>
    public void AddBigEndian(ulong value, int bytes)
    {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        {
            Add((byte)(value >> shift));
        }
    }

    public void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes - Length)];
        Span<byte> tail = _bytes.AsSpan(at, Length - at);
        tail.CopyTo(_bytes.AsSpan(at + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(at));
        Length += bytes.Length;
    }

    public void Remove(int at, int count)
    {
        _bytes.AsSpan(at + count, Length - at - count).CopyTo(_bytes.AsSpan(at));
        Length -= count;
    }
}
