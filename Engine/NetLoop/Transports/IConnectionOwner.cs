using NetLoop.Framing;
using NetLoop.Transports.Streams;

namespace NetLoop.Transports;

/// <summary>Who receives what a connection receives.</summary>
/// <remarks>Thread: loop. No call may destroy the connection; ending it only marks it for the Close phase.</remarks>
internal interface IConnectionOwner : ISocketEntry
{
    /// <summary>The connection attempt succeeded; sending is possible from now on.</summary>
    void OnConnected();

    /// <summary>One whole body arrived, and perhaps others behind it.</summary>
    /// <param name="bodies">Says how many were taken; the others come again.</param>
    /// <returns>False when there is no room for the first: the frame stays unread and reading pauses until the inbox has room.</returns>
    bool OnBodies(ref BodyRun bodies);

    /// <summary>The peer sent bytes that its protocol does not allow; nothing after them is read.</summary>
    /// <param name="reason">Malformed, FrameTooLarge, HandshakeTimeout, or Disconnected before the connection was open.</param>
    /// <param name="text">What was wrong, for people.</param>
    void OnBadInput(CloseReason reason, string text);

    /// <summary>The peer ended its sending. Replies may still be sent.</summary>
    /// <param name="reason">Disconnected at a frame boundary, Truncated inside a frame, or what a WebSocket's close frame says.</param>
    void OnEndOfStream(CloseReason reason);

    /// <summary>A send was cut short by the peer's window: deadlines for a slow consumer begin.</summary>
    void OnSendBlocked();

    /// <summary>Offers to keep the socket of a connection that has nothing to do, so that the connection object can serve another.</summary>
    /// <param name="framing">The connection's, which is not kept.</param>
    /// <param name="socket">From now on the owner's, until it hands it to <see cref="StreamConnection.Resume"/>.</param>
    /// <returns>False to leave things as they are.</returns>
    bool TryPark(IFrameWriter framing, in ParkedSocket socket);

    /// <summary>The transport is over, or will be after this iteration. Called exactly once.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="failure">The socket's last status when the reason is TransportError.</param>
    void OnDisconnected(CloseReason reason, SocketStatus failure);
}
