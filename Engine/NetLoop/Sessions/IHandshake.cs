namespace NetLoop.Sessions;

/// <summary>One side's part in opening a session. Lives until the session is open or closed.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface IHandshake
{
    /// <summary>Says what is missing if the session does not open in time; for people.</summary>
    string TimeoutText { get; }

    /// <summary>The transport is connected.</summary>
    void OnConnected(Session session);

    /// <summary>A body arrived before the session is open.</summary>
    /// <returns>False to leave it unread for now.</returns>
    bool OnBody(Session session, ReadOnlySpan<byte> body);

    /// <summary>The session ended before it was open.</summary>
    void Cancel();
}
