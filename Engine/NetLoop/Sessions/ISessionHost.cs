using NetLoop.Transports;

namespace NetLoop.Sessions;

/// <summary>The server or client a session belongs to.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface ISessionHost
{
    /// <summary>Returns an id that no other session of this host has.</summary>
    ulong NextSessionId();

    /// <summary>
    /// Called when a trusted proxy names the client's address of a session that is opening. From then on, it is <see cref="Session.Remote"/> and is used in
    /// limits and logs.
    /// </summary>
    /// <returns>False if that address has too many connections.</returns>
    bool TryMove(Session session, in NetEndpoint remote);

    /// <summary>The handshake is complete.</summary>
    void OnSessionOpened(Session session);

    /// <summary>The session has ended, whether or not it ever opened. Called once.</summary>
    /// <param name="session">The session.</param>
    /// <param name="info">How it ended.</param>
    /// <param name="end">The end of its connection, if that ended the session.</param>
    /// <param name="refusal">The error response to Hello, if there was one.</param>
    void OnSessionEnded(Session session, CloseInfo info, in ConnectionEnd end, RequestException? refusal);
}
