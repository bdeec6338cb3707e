using NetLoop.Diagnostics;

namespace NetLoop.Simulation;

/// <summary>
/// Future events, earliest first; simultaneous events happen in the order in which they were scheduled. Virtual time jumps from one event to the next.
/// </summary>
internal sealed class EventQueue
{
    private Entry[] _heap = new Entry[256];
    private long _nextSequence;

    /// <summary>Virtual time, in nanoseconds since the simulation began.</summary>
    public long Now { get; private set; }

    public int Count { get; private set; }

    /// <summary>The time of the next event; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextDue => Count == 0 ? long.MaxValue : _heap[0].Due;

    /// <summary>The time until which virtual time may advance for now.</summary>
    private long _horizon;

    /// <summary>Lets time pass without an event.</summary>
    /// <returns>False, with no effect, if there is an event before that time, or if time must not advance that far yet.</returns>
    public bool TryPass(long time)
    {
        if (time > _horizon || NextDue <= time)
        {
            return false;
        }

        Now = Math.Max(Now, time);
        return true;
    }

    /// <summary>Number of events that have happened.</summary>
    public long Fired { get; private set; }

    /// <param name="due">The time of the event; a time in the past means now.</param>
    /// <param name="target">The receiver of the event.</param>
    /// <param name="kind">Passed to the receiver.</param>
    /// <param name="argument">Passed to the receiver.</param>
    public void Schedule(long due, ISimulatedEvent target, int kind, long argument = 0)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * Count);
        }

        SiftUp(Count++, new Entry(Math.Max(due, Now), _nextSequence++, target, kind, argument));
    }

    /// <summary>Runs the next event if it is due by then; otherwise only time passes.</summary>
    /// <returns>Whether an event happened.</returns>
    public bool FireNext(long until)
    {
        _horizon = until;
        if (Count == 0 || _heap[0].Due > until)
        {
            Now = Math.Max(Now, until);
            return false;
        }

        Entry entry = _heap[0];
        Entry last = _heap[--Count];
        _heap[Count] = default;
        if (Count > 0)
        {
            SiftDown(last);
        }

        Invariant.Holds(entry.Due >= Now);
        Now = entry.Due;
        Fired++;
        entry.Target.OnEvent(entry.Kind, entry.Argument);
        return true;
    }

    private void SiftUp(int index, in Entry entry)
    {
        while (index > 0)
        {
            int parent = (index - 1) / 4;
            if (!entry.IsBefore(_heap[parent]))
            {
                break;
            }

            _heap[index] = _heap[parent];
            index = parent;
        }

        _heap[index] = entry;
    }

    private void SiftDown(in Entry entry)
    {
        int index = 0;
        for (int first = 1; first < Count; first = (4 * index) + 1)
        {
            int best = first;
            int end = Math.Min(first + 4, Count);
            for (int child = first + 1; child < end; child++)
            {
                if (_heap[child].IsBefore(_heap[best]))
                {
                    best = child;
                }
            }

            if (!_heap[best].IsBefore(entry))
            {
                break;
            }

            _heap[index] = _heap[best];
            index = best;
        }

        _heap[index] = entry;
    }

    private readonly record struct Entry(long Due, long Sequence, ISimulatedEvent Target, int Kind, long Argument)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Sequence < other.Sequence);
    }
}
