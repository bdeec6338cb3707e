namespace NetLoop.Fuzzing.Running;

/// <summary>What a run came to.</summary>
/// <param name="Inputs">Inputs run, the failing one included.</param>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="States">Different states of the parser that were reached.</param>
/// <param name="Kept">Inputs kept because they reached a new one.</param>
/// <param name="MostAllocated">The most memory one input took, in bytes.</param>
/// <param name="Failure">Null when all went well.</param>
internal sealed record FuzzResult(long Inputs, TimeSpan Elapsed, int States, int Kept, long MostAllocated, FuzzFailure? Failure);
