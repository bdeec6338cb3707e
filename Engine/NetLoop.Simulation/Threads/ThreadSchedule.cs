namespace NetLoop.Simulation;

/// <summary>How the threads of a simulated process interrupt each other.</summary>
/// <param name="CallsBetweenPauses">Average number of calls that the simulation sees until the running thread pauses and others run.</param>
/// <param name="LongestRun">Maximum nanoseconds that a thread computes before others catch up.</param>
/// <param name="LateWakes">Probability that a woken thread runs late.</param>
/// <param name="LongestStall">Maximum time for which <see cref="FaultClass.ThreadStall"/> stops a thread, in nanoseconds.</param>
internal sealed record ThreadSchedule(int CallsBetweenPauses, long LongestRun, double LateWakes, long LongestStall);
