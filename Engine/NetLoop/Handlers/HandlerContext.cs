namespace NetLoop;

/// <summary>A message on its way through the filters to its handler.</summary>
/// <remarks>Thread: where handlers run. A filter may keep the context.</remarks>
public abstract class HandlerContext
{
    private protected HandlerContext(Session session, string messageName, int messageType, bool isRequest)
    {
        Session = session;
        MessageName = messageName;
        MessageType = messageType;
        IsRequest = isRequest;
    }

    /// <summary>The session that received the message.</summary>
    public Session Session { get; }

    /// <summary>The name of the message's type, for logs.</summary>
    public string MessageName { get; }

    /// <summary>The number of the message's type.</summary>
    public int MessageType { get; }

    /// <summary>Whether the message is a request, which gets a response.</summary>
    public bool IsRequest { get; }

    /// <summary>The message as an object; a struct is boxed at each call.</summary>
    public abstract object MessageObject { get; }

    /// <summary>Cancelled when the session has closed.</summary>
    public CancellationToken Closed => Session.Closed;
}

/// <summary>A message of type <typeparamref name="T"/> on its way through the filters to its handler.</summary>
/// <inheritdoc cref="HandlerContext"/>
public abstract class HandlerContext<T> : HandlerContext
{
    private readonly T _message;

    private protected HandlerContext(Session session, string messageName, int messageType, bool isRequest, in T message)
        : base(session, messageName, messageType, isRequest)
    {
        _message = message;
    }

    /// <summary>The message.</summary>
    public T Message => _message;

    /// <inheritdoc/>
    public override object MessageObject => _message!;

    /// <summary>The message, for handlers that take it by reference.</summary>
    internal ref readonly T MessageRef => ref _message;
}
