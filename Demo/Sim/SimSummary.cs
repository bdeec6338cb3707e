namespace NetLoop.Demo.Sim;

/// <summary>What <c>netloop sim --json</c> prints.</summary>
/// <param name="Seeds">Worlds that ran.</param>
/// <param name="Failures">Those in which an invariant broke.</param>
/// <param name="FirstFailure">The command that repeats the first of them; null when there is none.</param>
/// <param name="VirtualSeconds">Virtual time of all worlds.</param>
/// <param name="Seconds">Real time.</param>
/// <param name="Factor">How many times faster than real time one core was.</param>
/// <param name="Messages">Messages that arrived.</param>
/// <param name="Sessions">Sessions that opened.</param>
/// <param name="Hash">The trace hash, of many worlds the sum of theirs.</param>
internal sealed record SimSummary(
    long Seeds, long Failures, string? FirstFailure, double VirtualSeconds, double Seconds, double Factor, long Messages, long Sessions, string Hash);
