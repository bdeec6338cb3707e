namespace NetLoop.Sessions;

/// <summary>A group, as seen by its member sessions.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface IJoinedGroup
{
    /// <summary>Removes a session; the group calls <see cref="Session.TryLeave"/>.</summary>
    void RemoveOnLoop(Session session);
}
