using System.Runtime.CompilerServices;

namespace NetLoop;

/// <summary>
/// Registers handlers for types in <see cref="MessageTypes"/>. The methods look like those for contracts: the compiler selects these for types that
/// are not contracts.
/// </summary>
public static class ForeignHandlers
{
    /// <summary>Registers a handler for <typeparamref name="T"/>; see <see cref="HandlerRegistry{TSelf}"/>.</summary>
    /// <exception cref="InvalidOperationException">The type already has a handler, or was not added to <see cref="MessageTypes"/>.</exception>
    public static HandlerTable On<T>(this HandlerTable handlers, Action<Session, T> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        ArgumentNullException.ThrowIfNull(handler);
        return handlers.On<Foreign<T>>((session, in message) => handler(session, message.Value), offload);
    }

    /// <summary>Registers a handler that receives <typeparamref name="T"/> by reference; see <see cref="HandlerRegistry{TSelf}"/>.</summary>
    /// <exception cref="InvalidOperationException">The type already has a handler, or was not added to <see cref="MessageTypes"/>.</exception>
    public static HandlerTable On<T>(this HandlerTable handlers, MessageHandler<T> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        ArgumentNullException.ThrowIfNull(handler);
        return handlers.On<Foreign<T>>((session, in message) => handler(session, in message.Value), offload);
    }

    /// <summary>Registers an asynchronous handler for messages of type <typeparamref name="T"/>; see <see cref="HandlerRegistry{TSelf}"/>.</summary>
    /// <exception cref="InvalidOperationException">The type already has a handler, or was not added to <see cref="MessageTypes"/>.</exception>
    [OverloadResolutionPriority(1)]
    public static HandlerTable On<T>(this HandlerTable handlers, Func<Session, T, ValueTask> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        ArgumentNullException.ThrowIfNull(handler);
        return handlers.On<Foreign<T>>((session, message) => handler(session, message.Value), offload);
    }

    /// <summary>
    /// Registers a handler for requests of type <typeparamref name="TRequest"/>; each of the two types is a contract or one of
    /// <see cref="MessageTypes"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Requests of this type already have a handler, or one of the types was not added to <see cref="MessageTypes"/>.
    /// </exception>
    public static HandlerTable OnRequest<TRequest, TResponse>(
        this HandlerTable handlers, Func<Session, TRequest, TResponse> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        ArgumentNullException.ThrowIfNull(handler);
        RequireForm<TResponse>();
        return handlers.OnRequest<Foreign<TRequest>, Foreign<TResponse>>((session, in request) => new(handler(session, request.Value)), offload);
    }

    /// <summary>
    /// Registers a handler that receives requests of type <typeparamref name="TRequest"/> by reference; each of the two types is a contract or one of
    /// <see cref="MessageTypes"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Requests of this type already have a handler, or one of the types was not added to <see cref="MessageTypes"/>.
    /// </exception>
    public static HandlerTable OnRequest<TRequest, TResponse>(
        this HandlerTable handlers, RequestHandler<TRequest, TResponse> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        ArgumentNullException.ThrowIfNull(handler);
        RequireForm<TResponse>();
        return handlers.OnRequest<Foreign<TRequest>, Foreign<TResponse>>((session, in request) => new(handler(session, in request.Value)), offload);
    }

    /// <summary>
    /// Registers an asynchronous handler for requests of type <typeparamref name="TRequest"/>; each of the two types is a contract or one of
    /// <see cref="MessageTypes"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Requests of this type already have a handler, or one of the types was not added to <see cref="MessageTypes"/>.
    /// </exception>
    [OverloadResolutionPriority(1)]
    public static HandlerTable OnRequest<TRequest, TResponse>(
        this HandlerTable handlers, Func<Session, TRequest, ValueTask<TResponse>> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        ArgumentNullException.ThrowIfNull(handler);
        RequireForm<TResponse>();
        return handlers.OnRequest<Foreign<TRequest>, Foreign<TResponse>>(
            async (session, request) => new(await handler(session, request.Value).ConfigureAwait(true)), offload);
    }

    /// <inheritdoc cref="On{T}(HandlerTable, Action{Session, T}, OffloadOptions?)"/>
    public static NetServer On<T>(this NetServer server, Action<Session, T> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        On(server.Handlers, handler, offload);
        return server;
    }

    /// <inheritdoc cref="On{T}(HandlerTable, MessageHandler{T}, OffloadOptions?)"/>
    public static NetServer On<T>(this NetServer server, MessageHandler<T> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        On(server.Handlers, handler, offload);
        return server;
    }

    /// <inheritdoc cref="On{T}(HandlerTable, Func{Session, T, ValueTask}, OffloadOptions?)"/>
    [OverloadResolutionPriority(1)]
    public static NetServer On<T>(this NetServer server, Func<Session, T, ValueTask> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        On(server.Handlers, handler, offload);
        return server;
    }

    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(HandlerTable, Func{Session, TRequest, TResponse}, OffloadOptions?)"/>
    public static NetServer OnRequest<TRequest, TResponse>(
        this NetServer server, Func<Session, TRequest, TResponse> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        OnRequest(server.Handlers, handler, offload);
        return server;
    }

    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(HandlerTable, RequestHandler{TRequest, TResponse}, OffloadOptions?)"/>
    public static NetServer OnRequest<TRequest, TResponse>(
        this NetServer server, RequestHandler<TRequest, TResponse> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        OnRequest(server.Handlers, handler, offload);
        return server;
    }

    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(HandlerTable, Func{Session, TRequest, ValueTask{TResponse}}, OffloadOptions?)"/>
    [OverloadResolutionPriority(1)]
    public static NetServer OnRequest<TRequest, TResponse>(
        this NetServer server, Func<Session, TRequest, ValueTask<TResponse>> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        OnRequest(server.Handlers, handler, offload);
        return server;
    }

    /// <inheritdoc cref="On{T}(HandlerTable, Action{Session, T}, OffloadOptions?)"/>
    public static NetClient On<T>(this NetClient client, Action<Session, T> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        On(client.Handlers, handler, offload);
        return client;
    }

    /// <inheritdoc cref="On{T}(HandlerTable, MessageHandler{T}, OffloadOptions?)"/>
    public static NetClient On<T>(this NetClient client, MessageHandler<T> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        On(client.Handlers, handler, offload);
        return client;
    }

    /// <inheritdoc cref="On{T}(HandlerTable, Func{Session, T, ValueTask}, OffloadOptions?)"/>
    [OverloadResolutionPriority(1)]
    public static NetClient On<T>(this NetClient client, Func<Session, T, ValueTask> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        On(client.Handlers, handler, offload);
        return client;
    }

    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(HandlerTable, Func{Session, TRequest, TResponse}, OffloadOptions?)"/>
    public static NetClient OnRequest<TRequest, TResponse>(
        this NetClient client, Func<Session, TRequest, TResponse> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        OnRequest(client.Handlers, handler, offload);
        return client;
    }

    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(HandlerTable, RequestHandler{TRequest, TResponse}, OffloadOptions?)"/>
    public static NetClient OnRequest<TRequest, TResponse>(
        this NetClient client, RequestHandler<TRequest, TResponse> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        OnRequest(client.Handlers, handler, offload);
        return client;
    }

    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(HandlerTable, Func{Session, TRequest, ValueTask{TResponse}}, OffloadOptions?)"/>
    [OverloadResolutionPriority(1)]
    public static NetClient OnRequest<TRequest, TResponse>(
        this NetClient client, Func<Session, TRequest, ValueTask<TResponse>> handler, OffloadOptions? offload = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        OnRequest(client.Handlers, handler, offload);
        return client;
    }

    /// <summary>Checks at registration that the response can be written, instead of failing at the first request.</summary>
    private static void RequireForm<T>() => _ = ForeignType<T>.Form;
}
