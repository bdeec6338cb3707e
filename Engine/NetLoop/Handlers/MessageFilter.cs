namespace NetLoop.Handlers;

/// <summary>A registered filter for all messages.</summary>
internal class MessageFilter(HandlerFilter? filter)
{
    /// <summary>The filter in the form for messages of a type; null if it is not for them.</summary>
    public virtual HandlerFilter<T>? For<T>()
        where T : INetMessage<T> => new(filter!.Invoke);
}

/// <summary>A registered filter for messages of one type.</summary>
internal sealed class MessageFilter<TMessage>(HandlerFilter<TMessage> filter) : MessageFilter(filter: null)
{
    public override HandlerFilter<T>? For<T>() => filter as HandlerFilter<T>;
}
