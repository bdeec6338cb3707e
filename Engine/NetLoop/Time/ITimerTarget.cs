namespace NetLoop.Time;

/// <summary>What a timer calls when it is due.</summary>
internal interface ITimerTarget
{
    /// <summary>The timer is due and gone; scheduling, cancelling and rescheduling others is allowed here.</summary>
    /// <param name="kind">As given to <see cref="TimerQueue.Schedule"/>: which of the target's timers it is.</param>
    void OnTimer(int kind);
}
