namespace NetLoop.Simulation;

/// <summary>How the threads of a simulated process interrupt each other.</summary>
/// <param name="CallsBetweenPauses">Calls that the simulation sees, on average, until the running thread stands still and others run.</param>
/// <param name="LongestRun">Nanoseconds a thread computes at most before others catch up.</param>
/// <param name="LateWakes">How often a thread that is woken runs late.</param>
/// <param name="LongestStall">The longest that <see cref="FaultClass.ThreadStall"/> takes a thread's processor away, in nanoseconds.</param>
internal sealed record ThreadSchedule(int CallsBetweenPauses, long LongestRun, double LateWakes, long LongestStall);
