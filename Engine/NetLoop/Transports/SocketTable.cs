using NetLoop.Containers;
using NetLoop.Diagnostics;

namespace NetLoop.Transports;

/// <summary>
/// The sockets of one loop by slot; a parked connection is represented by its owner. A token whose generation is not the slot's current one finds nothing.
/// </summary>
/// <remarks>Thread: loop. Slots are reused last-in first-out, which keeps the table dense and its order repeatable.</remarks>
internal sealed class SocketTable
{
    private readonly Stack<int> _freeSlots = new();
    private readonly ChunkedList<Row> _rows = new();

    public int Count => _rows.Count - _freeSlots.Count;

    /// <param name="entry">The entry to call when the poller reports the socket.</param>
    /// <param name="isListener">Whether it is called in the Accept phase, before connections.</param>
    public Token Add(ISocketEntry entry, bool isListener = false)
    {
        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _rows.Count;
            _rows.Add(default);
        }

        ref Row row = ref _rows[slot];
        Invariant.Holds(row.Entry is null);
        row.Entry = entry;
        row.IsListener = isListener;
        return new Token(slot, row.Generation);
    }

    public ISocketEntry? Find(Token token)
    {
        if ((uint)token.Slot >= (uint)_rows.Count)
        {
            return null;
        }

        ref Row row = ref _rows[token.Slot];
        return row.Generation == token.Generation ? row.Entry : null;
    }

    /// <summary>Whether the slot belongs to a listener now. The token may be stale; <see cref="Find"/> checks that.</summary>
    public bool IsListener(Token token) => (uint)token.Slot < (uint)_rows.Count && _rows[token.Slot].IsListener;

    /// <summary>Replaces the entry of a row, when the socket has a new owner.</summary>
    public void Replace(Token token, ISocketEntry former, ISocketEntry entry)
    {
        Invariant.Holds(Find(token) == former);
        _rows[token.Slot].Entry = entry;
    }

    public void Remove(Token token)
    {
        Invariant.Holds(Find(token) is not null);
        ref Row row = ref _rows[token.Slot];
        row.Entry = null;
        row.Generation++;
        _freeSlots.Push(token.Slot);
    }

    internal struct Row
    {
        public ISocketEntry? Entry;
        public uint Generation;
        public bool IsListener;
    }
}
