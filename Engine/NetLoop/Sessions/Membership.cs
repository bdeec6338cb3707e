namespace NetLoop.Sessions;

/// <summary>That a session is in a group.</summary>
/// <param name="Group">Its part on the session's loop.</param>
/// <param name="Place">The session's place among the members.</param>
internal readonly record struct Membership(IJoinedGroup Group, int Place);
