namespace NetLoop.Demo.Sim;

/// <summary>What <c>netloop sim --json</c> prints.</summary>
/// <param name="Seeds">Number of worlds that ran.</param>
/// <param name="Failures">Number of worlds in which an invariant broke.</param>
/// <param name="FirstFailure">The command that repeats the first failure; null if there is none.</param>
/// <param name="VirtualSeconds">Virtual time of all worlds.</param>
/// <param name="Seconds">Real time.</param>
/// <param name="Factor">Virtual time divided by processor time.</param>
/// <param name="Messages">Number of messages that arrived.</param>
/// <param name="Sessions">Number of sessions that opened.</param>
/// <param name="Hash">The trace hash; for several worlds, the sum of their hashes.</param>
internal sealed record SimSummary(
    long Seeds, long Failures, string? FirstFailure, double VirtualSeconds, double Seconds, double Factor, long Messages, long Sessions, string Hash);
