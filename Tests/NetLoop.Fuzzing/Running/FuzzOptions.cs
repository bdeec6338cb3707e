namespace NetLoop.Fuzzing.Running;

/// <summary>A command line that makes sense.</summary>
/// <param name="Target">The name of one, or "all".</param>
/// <param name="Inputs">Inputs for each target.</param>
/// <param name="Time">Longest time for each target.</param>
/// <param name="Seed">What all inputs follow from.</param>
/// <param name="Input">The one input to run instead.</param>
internal sealed record FuzzOptions(string Target, long Inputs, TimeSpan Time, ulong Seed, byte[]? Input);
