namespace NetLoop.Handlers;

/// <summary>A registered filter.</summary>
internal abstract class MessageFilter
{
    /// <summary>Returns the filter in the form for messages of a type; null if it does not apply to them.</summary>
    public abstract HandlerFilter<T>? For<T>()
        where T : INetMessage<T>;
}

/// <summary>A registered filter for all messages.</summary>
internal sealed class AnyMessageFilter(HandlerFilter filter) : MessageFilter
{
    public override HandlerFilter<T>? For<T>() => new(filter.Invoke);
}

/// <summary>A registered filter for messages of one type.</summary>
internal sealed class MessageFilter<TMessage>(HandlerFilter<TMessage> filter) : MessageFilter
{
    public override HandlerFilter<T>? For<T>() => filter as HandlerFilter<T>;
}
