using Microsoft.Extensions.DependencyInjection;

namespace NetLoop;

/// <summary>Handlers that use a service in a scope of their own for each message, such as a database context.</summary>
/// <remarks>
/// A scope for each message costs allocations, so only handlers that are registered here have one. Continuations run where handlers run; with
/// <see cref="OffloadOptions"/>, the whole handler runs on worker threads.
/// </remarks>
public static class ScopedHandlers
{
    /// <summary>Registers an asynchronous handler for messages of type <typeparamref name="T"/> that uses a service in a scope of its own.</summary>
    /// <param name="handlers">The table to add to.</param>
    /// <param name="scopes">Creates the scopes; modules have it injected.</param>
    /// <param name="handler">Receives the service, the session and the message. The service is disposed when the handler has ended.</param>
    /// <param name="offload">Options to run the handler on worker threads instead of the loop; null to run it where handlers run.</param>
    /// <exception cref="InvalidOperationException">Messages of this type already have a handler.</exception>
    public static HandlerTable OnScoped<T, TService>(
        this HandlerTable handlers,
        IServiceScopeFactory scopes,
        Func<TService, Session, T, ValueTask> handler,
        OffloadOptions? offload = null)
        where T : INetMessage<T>
        where TService : notnull
    {
        ArgumentNullException.ThrowIfNull(handlers);
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(handler);
        return handlers.On((Func<Session, T, ValueTask>)HandleAsync, offload);

        async ValueTask HandleAsync(Session session, T message)
        {
            AsyncServiceScope scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(true))
            {
                await handler(scope.ServiceProvider.GetRequiredService<TService>(), session, message).ConfigureAwait(true);
            }
        }
    }

    /// <summary>Registers an asynchronous handler for requests of type <typeparamref name="TRequest"/> that uses a service in a scope of its own.</summary>
    /// <param name="handlers">The table to add to.</param>
    /// <param name="scopes">Creates the scopes; modules have it injected.</param>
    /// <param name="handler">Returns the response, or throws <see cref="RequestException"/>. The service is disposed when the handler has ended.</param>
    /// <param name="offload">Options to run the handler on worker threads instead of the loop; null to run it where handlers run.</param>
    /// <exception cref="InvalidOperationException">Requests of this type already have a handler.</exception>
    public static HandlerTable OnScopedRequest<TRequest, TResponse, TService>(
        this HandlerTable handlers,
        IServiceScopeFactory scopes,
        Func<TService, Session, TRequest, ValueTask<TResponse>> handler,
        OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
        where TService : notnull
    {
        ArgumentNullException.ThrowIfNull(handlers);
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(handler);
        return handlers.OnRequest((Func<Session, TRequest, ValueTask<TResponse>>)RespondAsync, offload);

        async ValueTask<TResponse> RespondAsync(Session session, TRequest request)
        {
            AsyncServiceScope scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(true))
            {
                return await handler(scope.ServiceProvider.GetRequiredService<TService>(), session, request).ConfigureAwait(true);
            }
        }
    }
}
