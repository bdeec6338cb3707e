namespace NetLoop.Fuzzing.Running;

/// <summary>The result of a run.</summary>
/// <param name="Inputs">Number of inputs, a failing one included.</param>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="States">Number of different parser states reached.</param>
/// <param name="Kept">Number of inputs kept because they reached a new state.</param>
/// <param name="MostAllocated">The most memory that one input used, in bytes.</param>
/// <param name="Failure">The failure; null for none.</param>
internal sealed record FuzzResult(long Inputs, TimeSpan Elapsed, int States, int Kept, long MostAllocated, FuzzFailure? Failure);
