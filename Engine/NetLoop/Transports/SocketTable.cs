using NetLoop.Diagnostics;

namespace NetLoop.Transports;

/// <summary>The sockets of one loop by slot. A token whose generation is not the slot's current one finds nothing.</summary>
/// <remarks>Thread: loop. Slots are reused last-in first-out, which keeps the table dense and its order repeatable.</remarks>
internal sealed class SocketTable
{
    private PolledSocket?[] _sockets = new PolledSocket?[64];
    private uint[] _generations = new uint[64];
    private int[] _freeSlots = new int[64];
    private int _freeCount;
    private int _slotsUsed;

    public int Count => _slotsUsed - _freeCount;

    /// <summary>All slots, empty ones included.</summary>
    public ReadOnlySpan<PolledSocket?> Slots => _sockets.AsSpan(0, _slotsUsed);

    public Token Add(PolledSocket socket)
    {
        int slot;
        if (_freeCount > 0)
        {
            slot = _freeSlots[--_freeCount];
        }
        else
        {
            if (_slotsUsed == _sockets.Length)
            {
                Array.Resize(ref _sockets, _slotsUsed * 2);
                Array.Resize(ref _generations, _slotsUsed * 2);
                Array.Resize(ref _freeSlots, _slotsUsed * 2);
            }

            slot = _slotsUsed++;
        }

        Invariant.Holds(_sockets[slot] is null);
        _sockets[slot] = socket;
        return new Token(slot, _generations[slot]);
    }

    public PolledSocket? Find(Token token) =>
        (uint)token.Slot < (uint)_slotsUsed && _generations[token.Slot] == token.Generation ? _sockets[token.Slot] : null;

    public void Remove(Token token)
    {
        Invariant.Holds(Find(token) is not null);
        _sockets[token.Slot] = null;
        _generations[token.Slot]++;
        _freeSlots[_freeCount++] = token.Slot;
    }
}
