namespace NetLoop;

/// <summary>One event of a poller.</summary>
/// <param name="Token">The token from the registration; its socket may have been closed since.</param>
/// <param name="Readiness">At least one flag.</param>
public readonly record struct ReadyEvent(Token Token, Readiness Readiness);
