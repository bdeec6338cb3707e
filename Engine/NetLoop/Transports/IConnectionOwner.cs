using NetLoop.Framing;

namespace NetLoop.Transports;

/// <summary>The receiver of a connection's bodies and events. While the connection is parked, it takes its place in the socket table.</summary>
/// <remarks>Thread: loop. No call may destroy the connection; ending it only marks it for the Close phase.</remarks>
internal interface IConnectionOwner : ISocketEntry
{
    /// <summary>The address of the peer.</summary>
    NetEndpoint Remote { get; }

    /// <summary>Called before the connection is open, when a trusted proxy names its client's address.</summary>
    /// <returns>False if that address may not connect: the owner has closed the connection and told the peer why.</returns>
    bool TryMove(in NetEndpoint remote);

    /// <summary>The connection attempt succeeded; sending is possible from now on.</summary>
    void OnConnected();

    /// <summary>One whole body arrived, and perhaps others after it.</summary>
    /// <param name="bodies">Records how many were taken; the rest are offered again.</param>
    /// <returns>
    /// False when there is no room for the first: the connection keeps it and takes no more from the peer until
    /// <see cref="Connection.ResumeReading"/>, which offers it again.
    /// </returns>
    bool OnBodies(ref BodyBatch bodies);

    /// <summary>The peer sent bytes that its protocol does not allow; nothing after them is read.</summary>
    /// <param name="reason">Malformed, FrameTooLarge, HandshakeTimeout, or Disconnected before the connection was open.</param>
    /// <param name="text">What was wrong, for people.</param>
    void OnBadInput(CloseReason reason, string text);

    /// <summary>The peer sends no more. Bodies may still be sent to it.</summary>
    /// <param name="reason">Disconnected between two bodies, Truncated inside one, or what the peer gave as its reason.</param>
    /// <param name="text">For people; may be empty.</param>
    void OnEndOfInput(CloseReason reason, string text);

    /// <summary>The peer reads too slowly for what is sent: the deadlines for a slow consumer begin.</summary>
    void OnSendBlocked();

    /// <summary>Offers the owner to keep the socket of an idle connection, so that the connection object can serve another.</summary>
    /// <param name="parked">
    /// Belongs to the owner until it passes it to <see cref="IParking.Unpark"/>. Meanwhile the poller's reports go to the owner's
    /// <see cref="ISocketEntry.OnReady"/>.
    /// </param>
    /// <returns>False to keep the connection as it is.</returns>
    bool TryPark(in ParkedConnection parked);

    /// <summary>The connection is over, or will be after this iteration. Called exactly once.</summary>
    void OnDisconnected(in ConnectionEnd end);
}
