namespace NetLoop;

/// <summary>Runs around handlers, for what many of them have in common: authorization, checks, logging, the mapping of exceptions to error responses.</summary>
/// <remarks>
/// Thread: where handlers run. A handler behind a filter counts as asynchronous: a filter that awaits before it calls <paramref name="next"/> lets later
/// messages of the session overtake. What it throws is treated like an exception of the handler. A filtered call allocates a few small objects.
/// </remarks>
/// <param name="context">The message and its session.</param>
/// <param name="next">Calls the next filter, or the handler; at most once. Completes when the handler is done.</param>
public delegate ValueTask HandlerFilter(HandlerContext context, Func<ValueTask> next);

/// <summary>Runs around the handlers of one message or request type.</summary>
/// <inheritdoc cref="HandlerFilter"/>
/// <typeparam name="T">The message or request.</typeparam>
public delegate ValueTask HandlerFilter<T>(HandlerContext<T> context, Func<ValueTask> next);
