using NetLoop.Diagnostics;

namespace NetLoop.Transports;

/// <summary>The sockets of one loop by slot, parked ones by their owners. A token whose generation is not the slot's current one finds nothing.</summary>
/// <remarks>Thread: loop. Slots are reused last-in first-out, which keeps the table dense and its order repeatable.</remarks>
internal sealed class SocketTable
{
    private readonly Stack<int> _freeSlots = new();
    private ISocketEntry?[] _entries = new ISocketEntry?[64];
    private uint[] _generations = new uint[64];
    private int _slotsUsed;

    public int Count => _slotsUsed - _freeSlots.Count;

    /// <summary>All slots, empty ones included.</summary>
    public ReadOnlySpan<ISocketEntry?> Slots => _entries.AsSpan(0, _slotsUsed);

    public Token Add(PolledSocket socket)
    {
        if (!_freeSlots.TryPop(out int slot))
        {
            if (_slotsUsed == _entries.Length)
            {
                Array.Resize(ref _entries, _slotsUsed * 2);
                Array.Resize(ref _generations, _slotsUsed * 2);
            }

            slot = _slotsUsed++;
        }

        Invariant.Holds(_entries[slot] is null);
        _entries[slot] = socket;
        return new Token(slot, _generations[slot]);
    }

    public ISocketEntry? Find(Token token) =>
        (uint)token.Slot < (uint)_slotsUsed && _generations[token.Slot] == token.Generation ? _entries[token.Slot] : null;

    /// <summary>Gives a row to whoever keeps its socket from now on.</summary>
    public void Replace(Token token, ISocketEntry former, ISocketEntry entry)
    {
        Invariant.Holds(Find(token) == former);
        _entries[token.Slot] = entry;
    }

    public void Remove(Token token)
    {
        Invariant.Holds(Find(token) is not null);
        _entries[token.Slot] = null;
        _generations[token.Slot]++;
        _freeSlots.Push(token.Slot);
    }
}
