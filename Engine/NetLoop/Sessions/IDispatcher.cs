namespace NetLoop.Sessions;

/// <summary>Turns payloads into envelopes for the application's handlers.</summary>
/// <remarks>Thread: loop. Runs no application code.</remarks>
internal interface IDispatcher
{
    DispatchVerdict DispatchMessage(Session session, int type, ref MessagePackReader payload, int bodyBytes);

    DispatchVerdict DispatchRequest(Session session, uint id, int type, ref MessagePackReader payload, int bodyBytes);

    /// <summary>Hands a body of a foreign protocol over.</summary>
    /// <returns>False when there is no room for it.</returns>
    bool DispatchForeign(Session session, ReadOnlySpan<byte> body);

    void DispatchOpened(Session session);

    /// <summary>The peer ended its sending; when everything before it is handled, <see cref="Session.OnInputHandled"/> is called.</summary>
    void DispatchEndOfInput(Session session);

    void DispatchClosed(Session session, CloseInfo info);
}
