namespace NetLoop.Messaging;

/// <summary>Up to <see cref="Capacity"/> envelopes that cross the inbox as one item, so that its cost is paid once for all of them.</summary>
internal sealed class EnvelopeBatch
{
    public const int Capacity = 64;

    private readonly Envelope[] _envelopes = new Envelope[Capacity];
    private int _count;

    public bool IsFull => _count == Capacity;

    public bool IsEmpty => _count == 0;

    public ReadOnlySpan<Envelope> Envelopes => _envelopes.AsSpan(0, _count);

    public void Add(Envelope envelope) => _envelopes[_count++] = envelope;

    public void Clear()
    {
        Array.Clear(_envelopes, 0, _count);
        _count = 0;
    }
}
