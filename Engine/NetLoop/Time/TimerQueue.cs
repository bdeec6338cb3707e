using NetLoop.Containers;
using NetLoop.Diagnostics;

namespace NetLoop.Time;

/// <summary>All timers of one loop, earliest first; timers with equal times fire in the order in which they were scheduled.</summary>
/// <remarks>
/// Thread: loop. An indexed binary heap: a table of slots records where in the heap each timer is, so cancelling and rescheduling cost O(log n) and leave
/// nothing behind. The lists of structs only grow: no allocation in steady state.
/// </remarks>
internal sealed class TimerQueue
{
    private const int NoSlot = -1;
    private const long NotFiring = long.MinValue;

    private readonly ChunkedList<Entry> _heap = new();
    private readonly ChunkedList<Slot> _slots = new();
    private int _firstFreeSlot = NoSlot;
    private uint _nextSequence;

    // The earliest due time for new timers while timers fire.
    private long _notBefore = NotFiring;

    /// <summary>Number of waiting timers.</summary>
    public int Count => _heap.Count;

    /// <summary>The due time of the earliest timer, in nanoseconds of <see cref="LoopClock.PeerTime"/>; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextDue => Count == 0 ? long.MaxValue : _heap[0].Due;

    /// <summary>Adds a timer that fires once.</summary>
    /// <param name="dueNs">The due time in nanoseconds of peer time; a time in the past is due at once.</param>
    /// <param name="target">The object to call.</param>
    public TimerHandle Schedule(long dueNs, ITimerTarget target)
    {
        int slot = TakeSlot();
        _slots[slot].Target = target;
        _heap.Add(default);
        SiftUp(Count - 1, NewEntry(dueNs, slot));
        return new TimerHandle(slot, _slots[slot].Generation);
    }

    /// <summary>Removes a timer.</summary>
    /// <returns>False, with no effect, if it fired or was cancelled before, or if the handle identifies none.</returns>
    public bool Cancel(TimerHandle handle)
    {
        if (!IsWaiting(handle))
        {
            return false;
        }

        RemoveAt(_slots[handle.Slot].Place);
        FreeSlot(handle.Slot);
        return true;
    }

    /// <summary>Moves a timer to another time, as if it were scheduled now; its handle stays valid.</summary>
    /// <returns>False, with no effect, if it fired or was cancelled before, or if the handle identifies none.</returns>
    public bool Reschedule(TimerHandle handle, long dueNs)
    {
        if (!IsWaiting(handle))
        {
            return false;
        }

        Place(_slots[handle.Slot].Place, NewEntry(dueNs, handle.Slot));
        return true;
    }

    /// <summary>
    /// The due time of a timer in nanoseconds of peer time; <see cref="long.MaxValue"/> if it fired or was cancelled, or if the handle identifies none.
    /// </summary>
    public long DueOf(TimerHandle handle) => IsWaiting(handle) ? _heap[_slots[handle.Slot].Place].Due : long.MaxValue;

    /// <summary>Whether every timer is due no earlier than its parent, and every slot knows its position. For the simulator's invariants.</summary>
    public bool IsOrdered()
    {
        for (int i = 0; i < Count; i++)
        {
            Entry entry = _heap[i];
            if (_slots[entry.Slot].Place != i || _slots[entry.Slot].Target is null || (i > 0 && entry.IsBefore(_heap[Parent(i)])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Fires the due timers. Timers scheduled or rescheduled meanwhile are due a nanosecond later at the earliest, so that the call ends.</summary>
    /// <param name="nowNs">The peer time, less than <see cref="long.MaxValue"/>.</param>
    /// <param name="maxFirings">Maximum number of timers to fire; the others stay due.</param>
    /// <returns>Number of timers fired.</returns>
    public int FireDue(long nowNs, int maxFirings)
    {
        Invariant.Holds(_notBefore == NotFiring);
        Invariant.Holds(nowNs < long.MaxValue);
        int fired = 0;
        _notBefore = nowNs + 1;
        try
        {
            while (fired < maxFirings && Count > 0 && _heap[0].Due <= nowNs)
            {
                int slot = _heap[0].Slot;
                ITimerTarget? target = _slots[slot].Target;
                RemoveAt(0);
                FreeSlot(slot);
                fired++;
                target!.OnTimer();
            }
        }
        finally
        {
            _notBefore = NotFiring;
        }

        return fired;
    }

    private Entry NewEntry(long dueNs, int slot) => new(Math.Max(dueNs, _notBefore), _nextSequence++, slot);

    private bool IsWaiting(TimerHandle handle) =>
        (uint)handle.Slot < (uint)_slots.Count && _slots[handle.Slot].Generation == handle.Generation && _slots[handle.Slot].Target is not null;

    private int TakeSlot()
    {
        if (_firstFreeSlot != NoSlot)
        {
            int free = _firstFreeSlot;
            _firstFreeSlot = _slots[free].Place;
            return free;
        }

        // Generations start at 1, so the default handle identifies no timer.
        _slots.Add(new Slot { Generation = 1 });
        return _slots.Count - 1;
    }

    private void FreeSlot(int slot)
    {
        _slots[slot].Target = null;
        _slots[slot].Generation++;
        _slots[slot].Place = _firstFreeSlot;
        _firstFreeSlot = slot;
    }

    private void RemoveAt(int index)
    {
        Entry last = _heap[Count - 1];
        _heap.RemoveLast();
        if (index < Count)
        {
            Place(index, last);
        }
    }

    /// <summary>Puts an entry at the index of another one, and moves it up or down to its right position.</summary>
    private void Place(int index, Entry entry)
    {
        if (index > 0 && entry.IsBefore(_heap[Parent(index)]))
        {
            SiftUp(index, entry);
        }
        else
        {
            SiftDown(index, entry);
        }
    }

    private void SiftUp(int index, Entry entry)
    {
        while (index > 0 && entry.IsBefore(_heap[Parent(index)]))
        {
            Set(index, _heap[Parent(index)]);
            index = Parent(index);
        }

        Set(index, entry);
    }

    private void SiftDown(int index, Entry entry)
    {
        for (int child = (2 * index) + 1; child < Count; child = (2 * index) + 1)
        {
            if (child + 1 < Count && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(entry))
            {
                break;
            }

            Set(index, _heap[child]);
            index = child;
        }

        Set(index, entry);
    }

    private void Set(int index, Entry entry)
    {
        _heap[index] = entry;
        _slots[entry.Slot].Place = index;
    }

    private static int Parent(int index) => (index - 1) / 2;

    /// <param name="Due">Nanoseconds of peer time.</param>
    /// <param name="Sequence">The order among equal due times; it may wrap around.</param>
    /// <param name="Slot">The slot of the timer.</param>
    private readonly record struct Entry(long Due, uint Sequence, int Slot)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && unchecked((int)(Sequence - other.Sequence)) < 0);
    }

    private struct Slot
    {
        public ITimerTarget? Target;

        // The position in the heap; for a free slot, the next free slot.
        public int Place;
        public uint Generation;
    }
}
