namespace NetLoop.Fuzzing.Targets;

/// <summary>What a session made of a script.</summary>
/// <param name="Status">Where it was when the script was over.</param>
/// <param name="Reason">Why it closed; Normal while it has not.</param>
/// <param name="Sent">A hash of what it sent.</param>
internal readonly record struct SessionOutcome(SessionStatus Status, CloseReason Reason, ulong Sent);
