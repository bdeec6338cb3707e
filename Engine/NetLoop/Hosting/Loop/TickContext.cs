namespace NetLoop;

/// <summary>One fixed step of the game.</summary>
/// <param name="Number">Counts from 1; skipped ticks keep their numbers.</param>
/// <param name="Delta">How much game time the step covers: always the same.</param>
public readonly record struct TickContext(long Number, TimeSpan Delta);
