using NetLoop.Framing;

namespace NetLoop.Sessions;

/// <summary>Turns payloads into envelopes for the application's handlers.</summary>
/// <remarks>Thread: loop. Runs no application code.</remarks>
internal interface IDispatcher
{
    /// <summary>Hands over a message and the messages of the same type directly after it.</summary>
    /// <param name="session">Whose it is.</param>
    /// <param name="type">Its type.</param>
    /// <param name="payload">Of the first body.</param>
    /// <param name="bodies">The body of the message, and the bodies after it.</param>
    DispatchVerdict DispatchMessage(Session session, int type, ref NetReader payload, ref BodyBatch bodies);

    DispatchVerdict DispatchRequest(Session session, uint id, int type, ref NetReader payload, int bodyBytes);

    /// <summary>Hands a body of a raw protocol over.</summary>
    /// <returns>False when there is no room for it.</returns>
    bool DispatchRaw(Session session, ReadOnlySpan<byte> body);

    void DispatchOpened(Session session);

    /// <summary>Adds the cancellation of <see cref="Session.Closed"/>, ahead of <see cref="DispatchClosed"/>.</summary>
    void DispatchCancellation(Session session, CancellationTokenSource closed);

    /// <summary>The session's input ended; when everything before it is handled, <see cref="Session.OnInputHandled"/> is called.</summary>
    void DispatchEndOfInput(Session session);

    void DispatchClosed(Session session, CloseInfo info);
}
