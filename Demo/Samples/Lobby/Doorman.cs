using System.Security.Claims;
using System.Text;
using NetLoop;

namespace Lobby;

/// <summary>Decides who may connect, and what each user may do.</summary>
public static class Doorman
{
    /// <summary>The error code of a broken rule.</summary>
    public const int RuleBroken = 1000;

    private const string AdminRole = "admin";

    /// <summary>
    /// Accepts tokens of the form <c>name:secret</c>. A real server would ask a login service or check a signature here; the call may take some time.
    /// </summary>
    public static ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellation)
    {
        string[] parts = Encoding.UTF8.GetString(request.Token.Span).Split(':');
        if (parts is not [{ Length: > 0 and <= 20 } name, var secret] || (secret != "secret" && secret != "admin"))
        {
            return ValueTask.FromResult(AuthenticationResult.Reject("The token must be NAME:SECRET with the right secret."));
        }

        Claim[] claims = secret == "admin" ? [new(ClaimTypes.Name, name), new(ClaimTypes.Role, AdminRole)] : [new(ClaimTypes.Name, name)];
        var user = new ClaimsPrincipal(new ClaimsIdentity(claims, authenticationType: "token"));
        return ValueTask.FromResult(AuthenticationResult.Accept(user, new Player(name)));
    }

    /// <summary>A filter for all handlers: a broken rule becomes an error response with a text for the player.</summary>
    public static async ValueTask ExplainAsync(HandlerContext context, Func<ValueTask> next)
    {
        try
        {
            await next();
        }
        catch (LobbyException exception)
        {
            throw new RequestException(RuleBroken, exception.Message);
        }
    }

    /// <summary>A filter for <see cref="CloseRoom"/>: only admins may close rooms.</summary>
    public static ValueTask RequireAdminAsync(HandlerContext<CloseRoom> context, Func<ValueTask> next) =>
        context.Session.User?.IsInRole(AdminRole) == true ? next() : throw new RequestException(ErrorCode.Unauthorized, "Only admins close rooms.");
}
