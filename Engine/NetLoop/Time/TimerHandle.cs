namespace NetLoop.Time;

/// <summary>
/// Names a timer of one <see cref="TimerQueue"/>; <c>default</c> names none, and a handle whose timer fired or was cancelled no longer names one.
/// </summary>
internal readonly record struct TimerHandle(int Slot, uint Generation);
