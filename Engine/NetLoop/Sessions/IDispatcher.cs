using NetLoop.Framing;
using NetLoop.Messaging;

namespace NetLoop.Sessions;

/// <summary>Turns payloads into envelopes for the application's handlers.</summary>
/// <remarks>Thread: loop. Runs no application code.</remarks>
internal interface IDispatcher
{
    /// <summary>Dispatches a message and the messages of the same type directly after it.</summary>
    /// <param name="session">The session that received it.</param>
    /// <param name="type">The message type.</param>
    /// <param name="payload">The payload of the first body.</param>
    /// <param name="bodies">The body of the message, and the bodies after it.</param>
    DispatchVerdict DispatchMessage(Session session, int type, ref NetReader payload, ref BodyBatch bodies);

    /// <summary>Dispatches a request.</summary>
    /// <param name="session">The session that received the request.</param>
    /// <param name="id">Its number.</param>
    /// <param name="type">Its type.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="bodyBytes">Length of its body.</param>
    /// <param name="trace">Its trace context; null for none.</param>
    DispatchVerdict DispatchRequest(Session session, uint id, int type, ref NetReader payload, int bodyBytes, RemoteTrace? trace);

    /// <summary>Dispatches a body of a raw protocol.</summary>
    /// <returns>False if there is no room for it.</returns>
    bool DispatchRaw(Session session, ReadOnlySpan<byte> body);

    void DispatchOpened(Session session);

    /// <summary>Dispatches the cancellation of <see cref="Session.Closed"/>, before <see cref="DispatchClosed"/>.</summary>
    void DispatchCancellation(Session session, CancellationTokenSource closed);

    /// <summary>Dispatches the end of the session's input: once everything before it is handled, <see cref="Session.OnInputHandled"/> is called.</summary>
    void DispatchEndOfInput(Session session);

    void DispatchClosed(Session session, CloseInfo info);
}
