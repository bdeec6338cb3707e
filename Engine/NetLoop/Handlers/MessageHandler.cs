namespace NetLoop;

/// <summary>Handles a message.</summary>
/// <remarks>Thread: where handlers run; on the loop by default, so it must not block.</remarks>
public delegate void MessageHandler<T>(Session session, in T message);

/// <summary>Handles a request; what it returns is the response.</summary>
/// <remarks>Thread: where handlers run. Throw <see cref="RequestException"/> to answer with an error; any other exception answers HandlerFailed.</remarks>
public delegate TResponse RequestHandler<TRequest, TResponse>(Session session, in TRequest request);

/// <summary>Handles a body of a raw protocol. The bytes are valid until it returns.</summary>
/// <remarks>Thread: where handlers run.</remarks>
public delegate void RawHandler(Session session, ReadOnlySpan<byte> body);
