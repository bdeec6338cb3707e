namespace NetLoop.Worlds;

/// <summary>An invariant that did not hold.</summary>
/// <param name="Invariant">Its number, such as I14.</param>
/// <param name="Text">A description of the failure.</param>
/// <param name="Time">When, in virtual nanoseconds.</param>
/// <param name="Tick">The server's tick, counted over its restarts.</param>
/// <param name="Phase">The phase of the world.</param>
internal sealed record Violation(string Invariant, string Text, long Time, long Tick, WorldPhase Phase);
