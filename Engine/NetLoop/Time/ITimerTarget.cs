namespace NetLoop.Time;

/// <summary>The object that a timer calls.</summary>
internal interface ITimerTarget
{
    /// <summary>Called when the timer is due; the timer is removed before. May schedule, cancel and reschedule other timers.</summary>
    void OnTimer();
}
