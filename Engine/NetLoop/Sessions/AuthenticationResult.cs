using System.Security.Claims;

namespace NetLoop;

/// <summary>An authenticator's decision.</summary>
public sealed class AuthenticationResult
{
    private AuthenticationResult(bool isAccepted, object? identity, ClaimsPrincipal? user, string text)
    {
        User = user;
        IsAccepted = isAccepted;
        Identity = identity;
        Text = text;
    }

    /// <summary>Whether the session opens.</summary>
    public bool IsAccepted { get; }

    /// <summary>The client's identity, an object of the application; becomes <see cref="Session.UserData"/>.</summary>
    public object? Identity { get; }

    /// <summary>The client's claims, such as its name and roles; becomes <see cref="Session.User"/>. Null if it has none.</summary>
    public ClaimsPrincipal? User { get; }

    /// <summary>The reason for a rejection, for the client's user.</summary>
    public string Text { get; }

    /// <summary>Accepts the client: the session opens.</summary>
    public static AuthenticationResult Accept(object? identity = null) => new(true, identity, user: null, "");

    /// <summary>Accepts the client with claims, such as its roles: the session opens.</summary>
    /// <param name="user">Becomes <see cref="Session.User"/>, which handlers and filters can query: <c>session.User?.IsInRole("admin")</c>.</param>
    /// <param name="identity">An object of the application; becomes <see cref="Session.UserData"/>.</param>
    public static AuthenticationResult Accept(ClaimsPrincipal user, object? identity = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new(true, identity, user, "");
    }

    /// <summary>Rejects the client with <see cref="ErrorCode.Unauthorized"/> and this text.</summary>
    public static AuthenticationResult Reject(string text) => new(false, null, user: null, text);
}

/// <summary>Decides who may open a session.</summary>
/// <remarks>Thread: called on the loop, so it must not block; it may complete on any thread. An exception rejects the client.</remarks>
public delegate ValueTask<AuthenticationResult> Authenticator(AuthenticationRequest request, CancellationToken cancellation);
