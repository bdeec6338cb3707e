using Microsoft.Coyote.Rewriting;
using Microsoft.Coyote.Runtime;

namespace NetLoop.Concurrency;

/// <summary>An event that one thread waits for, as a loop waits in its poller. Coyote reports an endless wait as a deadlock.</summary>
[SkipRewriting("Conditions are looked at between two steps, and must not be steps themselves.")]
internal sealed class Signal
{
    private int _taken;

    /// <summary>Number of times it was set.</summary>
    public int Count { get; private set; }

    public bool IsSet => Count > _taken;

    public void Set()
    {
        SchedulingPoint.Interleave();
        Count++;
    }

    /// <summary>Waits until it has been set since the last wait.</summary>
    public void Wait()
    {
        Operation.PauseUntil(LookAgain);
        _taken = Count;
    }

    private bool LookAgain() => IsSet;
}
