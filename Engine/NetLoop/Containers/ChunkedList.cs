using System.Collections;

namespace NetLoop.Containers;

/// <summary>A list that grows by a chunk at a time: no element is copied, no old array becomes garbage, and unused capacity is at most one chunk.</summary>
/// <typeparam name="T">The type of the elements.</typeparam>
/// <remarks>Thread: one at a time. It only grows: new elements reuse the space of removed ones.</remarks>
internal sealed class ChunkedList<T> : IEnumerable<T>
{
    private const int ChunkLength = 64;

    private T[][] _chunks = [new T[ChunkLength]];

    /// <summary>Number of elements.</summary>
    public int Count { get; private set; }

    /// <summary>Reference to an element; it stays valid when the list grows.</summary>
    public ref T this[int index] => ref _chunks[(uint)index / ChunkLength][(uint)index % ChunkLength];

    /// <summary>Adds an element at the end.</summary>
    public void Add(T element)
    {
        int chunk = Count / ChunkLength;
        if (chunk == _chunks.Length)
        {
            Array.Resize(ref _chunks, 2 * chunk);
        }

        _chunks[chunk] ??= new T[ChunkLength];
        _chunks[chunk][Count % ChunkLength] = element;
        Count++;
    }

    /// <summary>Removes the last element.</summary>
    public void RemoveLast()
    {
        Count--;
        this[Count] = default!;
    }

    /// <summary>Enumerates the current elements; elements added during the enumeration are not included.</summary>
    public Enumerator GetEnumerator() => new(_chunks, Count);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The state of an enumeration.</summary>
    public struct Enumerator(T[][] chunks, int count) : IEnumerator<T>
    {
        private int _index = -1;

        public readonly T Current => chunks[(uint)_index / ChunkLength][(uint)_index % ChunkLength];

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext() => ++_index < count;

        public void Reset() => _index = -1;

        public readonly void Dispose()
        {
        }
    }
}
