namespace NetLoop.Simulation;

/// <summary>Segments in flight, in order.</summary>
internal struct Segments
{
    private Segment[]? _items;
    private int _first;

    public int Count { get; private set; }

    public readonly ref readonly Segment Oldest => ref _items![_first];

    public void Add(long at, long end, bool isLast)
    {
        _items ??= new Segment[8];
        if (Count == _items.Length)
        {
            var larger = new Segment[2 * Count];
            for (int i = 0; i < Count; i++)
            {
                larger[i] = _items[(_first + i) & (Count - 1)];
            }

            _items = larger;
            _first = 0;
        }

        _items[(_first + Count++) & (_items.Length - 1)] = new Segment(at, end, isLast);
    }

    public void RemoveOldest()
    {
        _first = (_first + 1) & (_items!.Length - 1);
        Count--;
    }

    public void Clear() => Count = 0;

    /// <param name="At">The time of arrival, or at which the arrival becomes known.</param>
    /// <param name="End">Offset in the stream after its last byte.</param>
    /// <param name="IsLast">Whether it ends the stream (FIN).</param>
    internal readonly record struct Segment(long At, long End, bool IsLast);
}
