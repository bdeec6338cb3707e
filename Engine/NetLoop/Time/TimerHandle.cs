namespace NetLoop.Time;

/// <summary>
/// Identifies a timer of one <see cref="TimerQueue"/>. <c>default</c> identifies none, and neither does a handle whose timer has fired or was cancelled.
/// </summary>
internal readonly record struct TimerHandle(int Slot, uint Generation);
