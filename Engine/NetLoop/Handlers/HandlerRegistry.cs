using System.Runtime.CompilerServices;
using NetLoop.Handlers;

namespace NetLoop;

/// <summary>The methods that register handlers: the same ones for servers, clients, simulated clients and a <see cref="HandlerTable"/>.</summary>
/// <remarks>
/// <para>
/// A handler is a method or lambda that takes the session and the message: <c>server.On&lt;Shout&gt;((session, shout) => session.Send(shout))</c>. With an
/// <c>in</c> parameter, <c>(session, in shout) => ...</c>, the message is passed by reference, which saves the copy of a large struct.
/// </para>
/// <para>
/// The messages of one session are handled in the order in which they were sent. Calls of asynchronous handlers start in this order; the code after an
/// <c>await</c> runs where handlers run, between other calls.
/// </para>
/// <para>
/// Thread: register from one thread at a time, before or while sessions are open; a new handler applies from the next body that arrives. Handlers run on the
/// loop of their session, so they must not block; with <see cref="OffloadOptions"/> they run on worker threads.
/// </para>
/// </remarks>
/// <typeparam name="TSelf">The type itself, which the methods return so that calls can be chained.</typeparam>
public abstract class HandlerRegistry<TSelf>
    where TSelf : HandlerRegistry<TSelf>
{
    private protected HandlerRegistry()
    {
    }

    /// <summary>The table that the handlers are added to.</summary>
    private protected abstract HandlerTable Table { get; }

    private TSelf Self => (TSelf)this;

    /// <summary>Registers a handler for messages of type <typeparamref name="T"/>.</summary>
    /// <param name="handler">Receives the session and the message. It may keep the message, which is not reused.</param>
    /// <param name="offload">Options to run the handler on worker threads instead of the loop; null to run it where handlers run.</param>
    /// <exception cref="InvalidOperationException">Messages of this type already have a handler.</exception>
    public TSelf On<T>(Action<Session, T> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddMessage<T>((session, in message) => handler(session, message), offload);
        return Self;
    }

    /// <summary>Registers a handler that receives messages of type <typeparamref name="T"/> by reference.</summary>
    /// <inheritdoc cref="On{T}(Action{Session, T}, OffloadOptions?)"/>
    public TSelf On<T>(MessageHandler<T> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddMessage(handler, offload);
        return Self;
    }

    /// <summary>Registers an asynchronous handler for messages of type <typeparamref name="T"/>.</summary>
    /// <inheritdoc cref="On{T}(Action{Session, T}, OffloadOptions?)"/>
    [OverloadResolutionPriority(1)]
    public TSelf On<T>(Func<Session, T, ValueTask> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddMessage(handler, offload);
        return Self;
    }

    /// <summary>Registers an asynchronous handler for messages of type <typeparamref name="T"/>.</summary>
    /// <inheritdoc cref="On{T}(Action{Session, T}, OffloadOptions?)"/>
    public TSelf On<T>(Func<Session, T, Task> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddMessage<T>((session, message) => new ValueTask(handler(session, message)), offload);
        return Self;
    }

    /// <summary>Registers an asynchronous handler that is cancelled when its session has closed.</summary>
    /// <param name="handler">
    /// Receives the session, the message and <see cref="Session.Closed"/>. When the session has closed, an OperationCanceledException is not a fault.
    /// </param>
    /// <param name="offload">Options to run the handler on worker threads instead of the loop; null to run it where handlers run.</param>
    /// <exception cref="InvalidOperationException">Messages of this type already have a handler.</exception>
    [OverloadResolutionPriority(1)]
    public TSelf On<T>(Func<Session, T, CancellationToken, ValueTask> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddMessage<T>((session, message) => handler(session, message, session.Closed), offload);
        return Self;
    }

    /// <inheritdoc cref="On{T}(Func{Session, T, CancellationToken, ValueTask}, OffloadOptions?)"/>
    public TSelf On<T>(Func<Session, T, CancellationToken, Task> handler, OffloadOptions? offload = null)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddMessage<T>((session, message) => new ValueTask(handler(session, message, session.Closed)), offload);
        return Self;
    }

    /// <summary>Registers a handler that responds to requests of type <typeparamref name="TRequest"/>.</summary>
    /// <param name="handler">Returns the response, or throws <see cref="RequestException"/>. Any other exception becomes the error HandlerFailed.</param>
    /// <param name="offload">Options to run the handler on worker threads instead of the loop; null to run it where handlers run.</param>
    /// <exception cref="InvalidOperationException">Requests of this type already have a handler.</exception>
    public TSelf OnRequest<TRequest, TResponse>(Func<Session, TRequest, TResponse> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddRequest<TRequest, TResponse>((session, in request) => handler(session, request), offload);
        return Self;
    }

    /// <summary>Registers a handler that receives requests of type <typeparamref name="TRequest"/> by reference and responds to them.</summary>
    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(Func{Session, TRequest, TResponse}, OffloadOptions?)"/>
    public TSelf OnRequest<TRequest, TResponse>(RequestHandler<TRequest, TResponse> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddRequest(handler, offload);
        return Self;
    }

    /// <summary>Registers an asynchronous handler that responds to requests of type <typeparamref name="TRequest"/>.</summary>
    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(Func{Session, TRequest, TResponse}, OffloadOptions?)"/>
    [OverloadResolutionPriority(1)]
    public TSelf OnRequest<TRequest, TResponse>(Func<Session, TRequest, ValueTask<TResponse>> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddRequest(handler, offload);
        return Self;
    }

    /// <summary>Registers an asynchronous handler that responds to requests of type <typeparamref name="TRequest"/>.</summary>
    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(Func{Session, TRequest, TResponse}, OffloadOptions?)"/>
    public TSelf OnRequest<TRequest, TResponse>(Func<Session, TRequest, Task<TResponse>> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddRequest<TRequest, TResponse>((session, request) => new ValueTask<TResponse>(handler(session, request)), offload);
        return Self;
    }

    /// <summary>Registers an asynchronous handler that responds to requests, and is cancelled when its session has closed.</summary>
    /// <param name="handler">
    /// Receives the session, the request and <see cref="Session.Closed"/>. When the session has closed, an OperationCanceledException is not a fault.
    /// </param>
    /// <param name="offload">Options to run the handler on worker threads instead of the loop; null to run it where handlers run.</param>
    /// <exception cref="InvalidOperationException">Requests of this type already have a handler.</exception>
    [OverloadResolutionPriority(1)]
    public TSelf OnRequest<TRequest, TResponse>(
        Func<Session, TRequest, CancellationToken, ValueTask<TResponse>> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddRequest<TRequest, TResponse>((session, request) => handler(session, request, session.Closed), offload);
        return Self;
    }

    /// <inheritdoc cref="OnRequest{TRequest, TResponse}(Func{Session, TRequest, CancellationToken, ValueTask{TResponse}}, OffloadOptions?)"/>
    public TSelf OnRequest<TRequest, TResponse>(Func<Session, TRequest, CancellationToken, Task<TResponse>> handler, OffloadOptions? offload = null)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Table.AddRequest<TRequest, TResponse>((session, request) => new ValueTask<TResponse>(handler(session, request, session.Closed)), offload);
        return Self;
    }

    /// <summary>
    /// Registers a handler that is called for every session that opens, before its first message. Several handlers are called in turn, even if one
    /// throws; a handler that throws closes the session.
    /// </summary>
    public TSelf OnOpened(Action<Session> handler)
    {
        Table.AddOpened(handler);
        return Self;
    }

    /// <summary>
    /// Registers a handler that is called for every open session that closes, after its last message. Several handlers are called in turn, even if
    /// one throws.
    /// </summary>
    public TSelf OnClosed(Action<Session, CloseInfo> handler)
    {
        Table.AddClosed(handler);
        return Self;
    }

    /// <summary>Registers a module's handlers.</summary>
    public TSelf Use(IHandlerModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.Register(Table);
        return Self;
    }

    /// <summary>
    /// Registers a filter that runs around every message and request handler, whether the handler was registered before or after it. Several filters run in
    /// the order of their registration: the first is the outermost. Bodies of raw protocols do not pass through filters.
    /// </summary>
    /// <param name="filter">
    /// Calls <c>next</c> once, which runs the handler. To drop a message, it returns without this call; to reject a request, it throws
    /// <see cref="RequestException"/>.
    /// </param>
    public TSelf Use(HandlerFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        Table.AddFilter(new AnyMessageFilter(filter));
        return Self;
    }

    /// <summary>Registers a filter that runs around the handlers of one message or request type.</summary>
    /// <inheritdoc cref="Use(HandlerFilter)"/>
    public TSelf Use<T>(HandlerFilter<T> filter)
        where T : INetMessage<T>
    {
        ArgumentNullException.ThrowIfNull(filter);
        Table.AddFilter(new MessageFilter<T>(filter));
        return Self;
    }
}
