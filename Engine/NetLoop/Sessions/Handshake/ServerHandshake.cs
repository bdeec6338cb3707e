using NetLoop.Messaging;

namespace NetLoop.Sessions.Handshake;

/// <summary>The server's side of the handshake: the first body must be Hello; version, fingerprint and token are checked in this order.</summary>
internal sealed class ServerHandshake : IHandshake, ICommandTarget
{
    private const int ResumeTokenBytes = 16;

    private CancellationTokenSource? _authenticating;
    private Session? _session;
    private uint _helloId;
    private uint _features;

    // The endpoint for which the client asks for a connect token; None if it opens a session.
    private NetEndpoint _wanted;

    public string TimeoutText =>
        _authenticating is null ? "No Hello within the handshake timeout." : "The authenticator did not decide within the handshake timeout.";

    public void OnConnected(Session session)
    {
    }

    public bool OnBody(Session session, ReadOnlySpan<byte> body)
    {
        if (_authenticating is not null)
        {
            return false; // Nothing is accepted before the response; earlier bodies wait.
        }

        var reader = new NetReader(body, session.Profile.Options.DecodeLimits);
        if (!BodyHeader.TryRead(ref reader, out BodyHeader header)
            || header.Shape != BodyShape.Request
            || header.Type is not (ControlTypes.Hello or ControlTypes.ConnectToken))
        {
            session.End(CloseReason.Malformed, "The first body must be Hello.");
            return true;
        }

        if (header.Type == ControlTypes.ConnectToken ? !TryReadTokenRequest(ref reader, out Hello hello) : !TryReadHello(ref reader, out hello))
        {
            session.End(CloseReason.Malformed, header.Type == ControlTypes.Hello ? "Hello is malformed." : "The request for a connect token is malformed.");
            return true;
        }

        Check(session, header.Id, hello);
        return true;
    }

    public void Cancel()
    {
        try
        {
            _authenticating?.Cancel();
        }
#pragma warning disable CA1031 // Application code: a callback registered with the token threw.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _session!.Services.LogAuthenticatorFault(_session.Remote, exception);
        }
    }

    void ICommandTarget.OnCommand(in LoopCommand item) => Decide((AuthenticationResult)item.State!);

    /// <summary>Reads Hello in such a way that another version is told apart from garbage even if its other fields differ.</summary>
    private static bool TryReadHello(ref NetReader reader, out Hello hello)
    {
        NetReader ahead = reader;
        if (ahead.TryReadArrayHeader(out int count) && count > 0 && ahead.TryRead(out int version) && version != ControlTypes.Version)
        {
            hello = new Hello(version, 0, null, null, 0);
            return reader.TrySkip() && reader.Remaining == 0;
        }

        return Contract.TryReadLast(ref reader, out hello);
    }

    /// <summary>Reads a request for a connect token as the Hello that it stands for.</summary>
    private bool TryReadTokenRequest(ref NetReader reader, out Hello hello)
    {
        hello = default;
        if (!Contract.TryReadLast(ref reader, out ConnectTokenRequest request)
            || !NetEndpoint.TryParse(request.Endpoint, out _wanted)
            || _wanted is not { Transport: TransportKind.Udp, IsResolved: true })
        {
            return false;
        }

        hello = new Hello(request.Version, request.Fingerprint, request.Token, null, 0);
        return true;
    }

    /// <summary>Opens the session, or gives the client its connect token.</summary>
    private void Accept(Session session, uint id, uint features, AuthenticationResult? accepted)
    {
        if (_wanted.Transport == TransportKind.None)
        {
            Welcome(session, id, features, accepted);
        }
        else if (session.Profile.ConnectTokens?.Issue(_wanted, accepted) is { } token)
        {
            session.AdmitEarly(); // The token is longer than the first bodies may be.
            var response = new ConnectTokenResponse(token);
            session.SendHandshakeBody(new ResponseBody<ConnectTokenResponse>(id, in response));
            session.End(CloseReason.Normal, "");
        }
        else
        {
            Reject(session, id, ErrorCode.UnknownMessage, CloseReason.Normal, $"This server does not listen on {_wanted.ToUri()}.");
        }
    }

    private static void Reject(Session session, uint id, int code, CloseReason reason, string text)
    {
        session.RejectHello(id, code, text);
        session.End(reason, text);
    }

    private static void Welcome(Session session, uint id, uint features, AuthenticationResult? accepted)
    {
        byte[] resumeToken = new byte[ResumeTokenBytes];
        session.Services.Entropy.Fill(resumeToken);
        ulong sessionId = session.NextId();
        SessionProfile profile = session.Profile;

        // A client that does not know features may not expect another element.
        uint announced = (features & ControlTypes.SendsTraceContext) != 0 ? profile.Features : 0;
        var welcome = new Welcome(
            sessionId, profile.TickRate, session.Services.Tick.Number, resumeToken, profile.Options.MaxBodyBytes, announced);
        session.SendHandshakeBody(new WelcomeBody(id, welcome));
        if (session.Status == SessionStatus.Opening)
        {
            session.BecomeOpen(sessionId, accepted?.Identity, accepted?.User);
        }
    }

    private void Check(Session session, uint id, in Hello hello)
    {
        SessionProfile settings = session.Profile;
        session.Announced(hello.Features);
        if (settings.GivesOnlyTokens && _wanted.Transport == TransportKind.None)
        {
            Reject(session, id, ErrorCode.UnknownMessage, CloseReason.VersionMismatch, "This TCP port only gives connect tokens; connect with udp://.");
            return;
        }

        if (hello.Version != ControlTypes.Version)
        {
            Reject(
                session,
                id,
                ErrorCode.VersionMismatch,
                CloseReason.VersionMismatch,
                $"This server speaks version {ControlTypes.Version}, the client {hello.Version}.");
        }
        else if (hello.Fingerprint != 0 && settings.Fingerprint != 0 && hello.Fingerprint != settings.Fingerprint && !settings.AcceptsAnyFingerprint)
        {
            Reject(
                session,
                id,
                ErrorCode.VersionMismatch,
                CloseReason.VersionMismatch,
                $"The contracts differ: server 0x{settings.Fingerprint:x16}, client 0x{hello.Fingerprint:x16}.");
        }
        else if (settings.Authenticate is null)
        {
            Accept(session, id, hello.Features, accepted: null);
        }
        else if (session.ActiveConnection?.ConnectToken is { } claims && settings.ConnectTokens?.TakeDecision(claims.ClientId) is { } decided)
        {
            // It was authenticated when it asked for the token of this connection.
            Accept(session, id, hello.Features, decided);
        }
        else
        {
            _session = session;
            _helloId = id;
            _features = hello.Features;
            var cancellation = new CancellationTokenSource();
            _authenticating = cancellation;
            var request = new AuthenticationRequest(session.Remote, hello.Token)
            {
                Upgrade = session.ActiveConnection?.Upgrade,
                Tls = session.ActiveConnection?.TlsPeer,
                ConnectToken = session.ActiveConnection?.ConnectToken,
            };
            Ask(settings.Authenticate, request);
        }
    }

    /// <summary>Calls the authenticator, which may complete on any thread; its decision is carried out on the loop.</summary>
    private void Ask(Authenticator authenticate, AuthenticationRequest request)
    {
        Task<AuthenticationResult> asking;
        try
        {
            asking = authenticate(request, _authenticating!.Token).AsTask();
        }
#pragma warning disable CA1031 // Application code: an exception rejects only this client.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            asking = Task.FromException<AuthenticationResult>(exception);
        }

        if (asking.IsCompleted)
        {
            OnAnswered(asking);
            return;
        }

        // On whatever thread the task completes: an await would go through the thread pool, which a simulation does not have.
        _ = asking.ContinueWith(
            static (answered, handshake) => ((ServerHandshake)handshake!).OnAnswered(answered),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void OnAnswered(Task<AuthenticationResult> answered)
    {
        Session session = _session!;
        if (!answered.IsCompletedSuccessfully && session.Status == SessionStatus.Opening)
        {
            Exception exception = answered.Exception?.InnerException ?? new TaskCanceledException(answered);
            session.Services.LogAuthenticatorFault(session.Remote, exception);
        }

        // Without a decision no session opens: null counts as an exception.
        AuthenticationResult? result = answered.IsCompletedSuccessfully ? answered.Result : null;
        result ??= AuthenticationResult.Reject("The authenticator failed.");
        if (session.Services.IsLoopThread)
        {
            Decide(result);
        }
        else
        {
            session.Services.CommandQueue.Write(new LoopCommand(this, State: result));
        }
    }

    /// <summary>Carries out the authenticator's decision and frees its resources. Thread: loop.</summary>
    private void Decide(AuthenticationResult result)
    {
        _authenticating!.Dispose();
        _authenticating = null;
        Session session = _session!;
        if (session.Status != SessionStatus.Opening)
        {
            return;
        }

        if (result.IsAccepted)
        {
            Accept(session, _helloId, _features, result);
        }
        else
        {
            Reject(session, _helloId, ErrorCode.Unauthorized, CloseReason.Unauthorized, result.Text);
        }
    }
}
