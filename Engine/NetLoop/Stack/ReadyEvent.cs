namespace NetLoop;

/// <summary>One event of a poller.</summary>
/// <param name="Token">As given at registration; may be of a socket that is closed by now.</param>
/// <param name="Readiness">At least one flag.</param>
public readonly record struct ReadyEvent(Token Token, Readiness Readiness);
