using NetLoop.Messaging;

namespace NetLoop.Sessions.Handshake;

/// <summary>The client's side of asking for a connect token. The session on which it asks never opens.</summary>
/// <param name="request">The request.</param>
/// <param name="onToken">Called at most once, with the token. If it is not called, the session ends with the reason.</param>
internal sealed class TokenHandshake(ConnectTokenRequest request, Action<byte[]> onToken) : IHandshake
{
    private const uint RequestId = 0;

    public string TimeoutText => "No connect token within the handshake timeout.";

    public void OnConnected(Session session) => session.SendHandshakeBody(new RequestBody<ConnectTokenRequest>(RequestId, in request));

    public bool OnBody(Session session, ReadOnlySpan<byte> body)
    {
        var reader = new NetReader(body, session.Profile.Options.DecodeLimits);
        if (!BodyHeader.TryRead(ref reader, out BodyHeader header))
        {
            session.End(CloseReason.Malformed, "The response to the request for a connect token is malformed.");
        }
        else if (header is { Shape: BodyShape.Message, Type: ControlTypes.Goodbye } && Contract.TryReadLast(ref reader, out Goodbye goodbye))
        {
            session.EndByGoodbye(goodbye);
        }
        else if (header.Shape != BodyShape.Response || header.Id != RequestId || !BodyRouter.TryReadError(ref reader, out RequestException? error))
        {
            session.End(CloseReason.Malformed, "The first body was not the response to the request for a connect token.");
        }
        else if (error is not null)
        {
            session.End(ClientHandshake.ReasonFor(error.Code), error.Message, isByPeer: true, error);
        }
        else if (!Contract.TryReadLast(ref reader, out ConnectTokenResponse response) || response.Token is null)
        {
            session.End(CloseReason.Malformed, "The response to the request for a connect token is malformed.");
        }
        else
        {
            onToken(response.Token);
            session.End(CloseReason.Normal, "");
        }

        return true;
    }

    public void Cancel()
    {
    }
}
