namespace NetLoop.Sessions;

/// <summary>The connect tokens of a server with UDP listeners.</summary>
/// <remarks>Thread: any.</remarks>
internal interface IConnectTokens
{
    /// <summary>Creates a token for a client that may open a session.</summary>
    /// <param name="wanted">The UDP endpoint to which the client will connect.</param>
    /// <param name="accepted">The authenticator's decision, for the client's Hello over UDP; null if there is no authenticator.</param>
    /// <returns>The public token, or null if the server does not listen on that port.</returns>
    byte[]? Issue(in NetEndpoint wanted, AuthenticationResult? accepted);

    /// <summary>Takes the decision about a client that was made when its token was issued.</summary>
    /// <returns>Null if there is none: the token came from elsewhere, or the decision was taken already.</returns>
    AuthenticationResult? TakeDecision(ulong clientId);
}
