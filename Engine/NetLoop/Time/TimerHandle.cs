namespace NetLoop.Time;

/// <summary>Names a timer of one <see cref="TimerQueue"/>; <c>default</c> names none, and one that fired or was cancelled names none any more.</summary>
internal readonly record struct TimerHandle(int Slot, uint Generation);
