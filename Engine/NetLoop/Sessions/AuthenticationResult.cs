namespace NetLoop;

/// <summary>An authenticator's decision.</summary>
public sealed class AuthenticationResult
{
    private AuthenticationResult(bool isAccepted, object? identity, string text)
    {
        IsAccepted = isAccepted;
        Identity = identity;
        Text = text;
    }

    /// <summary>Whether the session opens.</summary>
    public bool IsAccepted { get; }

    /// <summary>What the application knows of the client; becomes <see cref="Session.UserData"/>.</summary>
    public object? Identity { get; }

    /// <summary>Why not, for the client's user.</summary>
    public string Text { get; }

    /// <summary>Opens the session.</summary>
    public static AuthenticationResult Accept(object? identity = null) => new(true, identity, "");

    /// <summary>Refuses it with error 5 and this text.</summary>
    public static AuthenticationResult Refuse(string text) => new(false, null, text);
}

/// <summary>Decides who may open a session.</summary>
/// <remarks>Thread: begins on the loop, so it must not block; it may complete on any thread. A fault refuses the client.</remarks>
public delegate ValueTask<AuthenticationResult> Authenticator(AuthenticationRequest request, CancellationToken cancellation);
