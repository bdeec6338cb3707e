using Microsoft.Extensions.DependencyInjection;
using NetLoopServer;

namespace NetLoop.Tests.Readme;

/// <summary>Code of the readme of NetLoop.Hosting that is in no sample; GenericHostTests run the same.</summary>
internal static class HostingExamples
{
    public static void AddToListeners(IServiceCollection services)
    {
        services.AddNetLoop().AddModule<HallModule>().Configure((provider, o) =>
        {
            o.Authenticate = provider.GetRequiredService<Doorman>().AuthenticateAsync;
            o.Listeners.Single(listener => listener.Name == "web").Use(provider.GetRequiredService<Doorman>().FilterAsync);
        });
    }

    internal sealed class Doorman
    {
        private readonly HashSet<string> _banned = [];

        public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellation) =>
            ValueTask.FromResult(
                _banned.Contains($"{request.Remote}") ? AuthenticationResult.Reject("You are banned.") : AuthenticationResult.Accept());

        public ValueTask FilterAsync(HandlerContext context, Func<ValueTask> next) =>
            _banned.Contains($"{context.Session.Remote}") ? ValueTask.CompletedTask : next();
    }
}
