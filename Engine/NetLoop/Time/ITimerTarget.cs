namespace NetLoop.Time;

/// <summary>What a timer calls when it is due.</summary>
internal interface ITimerTarget
{
    /// <summary>The timer is due and gone; scheduling, cancelling and rescheduling others is allowed here.</summary>
    void OnTimer();
}
