using NetLoop.Messaging;

namespace NetLoop.Sessions.Handshake;

/// <summary>The client's side of the handshake: sends Hello, and opens the session with the response.</summary>
internal sealed class ClientHandshake(ulong fingerprint, byte[]? token, byte[]? resume) : IHandshake
{
    private const uint HelloId = 0;

    public string TimeoutText => "No response to Hello within the handshake timeout.";

    public void OnConnected(Session session)
    {
        var hello = new Hello(ControlTypes.Version, fingerprint, token, resume, session.Profile.Features);
        session.SendHandshakeBody(new HelloBody(HelloId, hello));
    }

    public bool OnBody(Session session, ReadOnlySpan<byte> body)
    {
        var reader = new NetReader(body, session.Profile.Options.DecodeLimits);
        if (!BodyHeader.TryRead(ref reader, out BodyHeader header))
        {
            session.End(CloseReason.Malformed, "The answer to Hello is malformed.");
            return true;
        }

        if (header is { Shape: BodyShape.Message, Type: ControlTypes.Goodbye } && Contract.TryReadLast(ref reader, out Goodbye goodbye))
        {
            // The server is full or stopping, and did not wait for Hello.
            session.EndByGoodbye(goodbye);
            return true;
        }

        if (header.Shape != BodyShape.Response || header.Id != HelloId || !BodyRouter.TryReadError(ref reader, out RequestException? error))
        {
            session.End(CloseReason.Malformed, "The first body was not the answer to Hello.");
        }
        else if (error is not null)
        {
            session.End(ReasonFor(error.Code), error.Message, isByPeer: true, error);
        }
        else if (!Contract.TryReadLast(ref reader, out Welcome welcome) || welcome.MaxBodyBytes <= 0)
        {
            session.End(CloseReason.Malformed, "The answer to Hello is malformed.");
        }
        else
        {
            session.Welcomed(welcome);
            session.Announced(welcome.Features);
            session.BecomeOpen(welcome.SessionId, identity: null);
        }

        return true;
    }

    public void Cancel()
    {
    }

    public static CloseReason ReasonFor(int code) => code switch
    {
        ErrorCode.Unauthorized => CloseReason.Unauthorized,
        ErrorCode.VersionMismatch => CloseReason.VersionMismatch,
        ErrorCode.ServerStopping => CloseReason.ServerStopping,
        ErrorCode.Overloaded => CloseReason.ServerFull,
        ErrorCode.HandlerFailed => CloseReason.HandlerFault,
        ErrorCode.UnknownMessage or ErrorCode.MalformedPayload => CloseReason.VersionMismatch, // The listener expects something other than this Hello.
        _ => CloseReason.Kicked,
    };
}
