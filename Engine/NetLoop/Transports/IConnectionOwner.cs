namespace NetLoop.Transports;

/// <summary>Who receives what a connection receives.</summary>
/// <remarks>Thread: loop. No call may destroy the connection; ending it only marks it for the Close phase.</remarks>
internal interface IConnectionOwner
{
    /// <summary>The connection attempt succeeded; sending is possible from now on.</summary>
    void OnConnected();

    /// <summary>One whole body arrived.</summary>
    /// <returns>False when there is no room for it: the frame stays unread and reading pauses until the inbox has room.</returns>
    bool OnBody(ReadOnlySpan<byte> body);

    /// <summary>The peer sent bytes that its protocol does not allow; nothing after them is read.</summary>
    /// <param name="reason">Malformed, FrameTooLarge or HandshakeTimeout.</param>
    /// <param name="text">What was wrong, for people.</param>
    void OnBadInput(CloseReason reason, string text);

    /// <summary>The peer ended its sending at a frame boundary. Replies may still be sent.</summary>
    void OnEndOfStream();

    /// <summary>A send was cut short by the peer's window: deadlines for a slow consumer begin.</summary>
    void OnSendBlocked();

    /// <summary>The transport is over, or will be after this iteration. Called exactly once.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="failure">The socket's last status when the reason is TransportError.</param>
    void OnDisconnected(CloseReason reason, SocketStatus failure);
}
