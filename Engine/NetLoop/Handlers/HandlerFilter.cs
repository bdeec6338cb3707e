namespace NetLoop;

/// <summary>Runs around handlers, for concerns that many of them share: authorization, validation, logging, mapping exceptions to error responses.</summary>
/// <remarks>
/// Thread: where handlers run. A handler with filters counts as asynchronous: if a filter awaits before it calls <paramref name="next"/>, later messages of
/// the session may overtake this one. An exception of a filter is treated like one of the handler. A filtered call allocates a few small objects.
/// </remarks>
/// <param name="context">The message and its session.</param>
/// <param name="next">Calls the next filter, or the handler; at most once. Completes when the handler is done.</param>
public delegate ValueTask HandlerFilter(HandlerContext context, Func<ValueTask> next);

/// <summary>Runs around the handlers of one message or request type.</summary>
/// <inheritdoc cref="HandlerFilter"/>
/// <typeparam name="T">The message or request.</typeparam>
public delegate ValueTask HandlerFilter<T>(HandlerContext<T> context, Func<ValueTask> next);
