namespace NetLoop.Sessions;

/// <summary>A group as the sessions that are in it see it.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface IJoinedGroup
{
    /// <summary>Takes a session out; it calls <see cref="Session.TryLeave"/>.</summary>
    void RemoveOnLoop(Session session);
}
