using System.Collections;

namespace NetLoop.Containers;

/// <summary>A list that grows by a chunk at a time: no element is copied, no old array becomes garbage, and what is not needed yet takes no memory.</summary>
/// <typeparam name="T">Of the elements.</typeparam>
/// <remarks>Thread: one at a time. It only grows: what was removed leaves its room to those that come.</remarks>
internal sealed class ChunkedList<T> : IEnumerable<T>
{
    private const int ChunkLength = 64;

    private T[][] _chunks = [new T[ChunkLength]];

    /// <summary>How many elements it has.</summary>
    public int Count { get; private set; }

    /// <summary>An element in place; it stays there when the list grows.</summary>
    public ref T this[int index] => ref _chunks[(uint)index / ChunkLength][(uint)index % ChunkLength];

    /// <summary>Adds an element behind the others.</summary>
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

    /// <summary>Goes through the elements that are there now; what is added meanwhile is not among them.</summary>
    public Enumerator GetEnumerator() => new(_chunks, Count);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Where a walk is.</summary>
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
