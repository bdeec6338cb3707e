namespace NetLoop.Fuzzing.Running;

/// <summary>A valid command line.</summary>
/// <param name="Target">The name of a target, or "all".</param>
/// <param name="Inputs">Number of inputs for each target.</param>
/// <param name="Time">Maximum time for each target.</param>
/// <param name="Seed">The seed of all inputs.</param>
/// <param name="Input">The one input to run instead.</param>
internal sealed record FuzzOptions(string Target, long Inputs, TimeSpan Time, ulong Seed, byte[]? Input);
