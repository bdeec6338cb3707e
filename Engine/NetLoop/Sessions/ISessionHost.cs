using NetLoop.Transports;

namespace NetLoop.Sessions;

/// <summary>The server or client a session belongs to.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface ISessionHost
{
    /// <summary>A number no other session of this host has.</summary>
    ulong NextSessionId();

    /// <summary>The handshake is done.</summary>
    void OnSessionOpened(Session session);

    /// <summary>The session is over, whether it ever opened or not. Called once.</summary>
    /// <param name="session">The session.</param>
    /// <param name="info">How it ended.</param>
    /// <param name="end">How its connection ended, when that ended it.</param>
    /// <param name="refusal">The error that the peer answered Hello with, if it did.</param>
    void OnSessionEnded(Session session, CloseInfo info, in ConnectionEnd end, RequestException? refusal);
}
