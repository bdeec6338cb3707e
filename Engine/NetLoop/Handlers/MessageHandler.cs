namespace NetLoop;

/// <summary>Handles a message.</summary>
/// <remarks>Thread: where handlers run; on the loop by default, so it must not block.</remarks>
public delegate void MessageHandler<T>(Session session, in T message);

/// <summary>Handles a request and returns the response.</summary>
/// <remarks>Thread: where handlers run. <see cref="RequestException"/> becomes the error response; any other exception becomes HandlerFailed.</remarks>
public delegate TResponse RequestHandler<TRequest, TResponse>(Session session, in TRequest request);

/// <summary>Handles a body of a raw protocol. The bytes are valid until it returns.</summary>
/// <remarks>Thread: where handlers run.</remarks>
public delegate void RawHandler(Session session, ReadOnlySpan<byte> body);
