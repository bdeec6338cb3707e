namespace NetLoop.Fuzzing.Targets;

/// <summary>The result of a script.</summary>
/// <param name="Status">The status of the session at the end of the script.</param>
/// <param name="Reason">The reason for which it closed; Normal if it has not closed.</param>
/// <param name="Sent">A hash of the bytes that it sent.</param>
internal readonly record struct SessionOutcome(SessionStatus Status, CloseReason Reason, ulong Sent);
