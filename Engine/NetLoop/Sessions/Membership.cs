namespace NetLoop.Sessions;

/// <summary>A session's membership in a group.</summary>
/// <param name="Group">The group's part on the session's loop.</param>
/// <param name="Place">The session's index among the members.</param>
internal readonly record struct Membership(IJoinedGroup Group, int Place);
