namespace NetLoop;

/// <summary>One fixed step of the game.</summary>
/// <param name="Number">Number of the tick, from 1. Skipped ticks are counted too.</param>
/// <param name="Delta">Game time of one step; constant.</param>
public readonly record struct TickContext(long Number, TimeSpan Delta);
