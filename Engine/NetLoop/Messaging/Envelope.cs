namespace NetLoop.Messaging;

/// <summary>One item for the thread that runs handlers: decoded messages for one handler, a response, an opened or closed session, a tick.</summary>
/// <remarks>Pooled. Thread: created on the loop, delivered where handlers run.</remarks>
internal abstract class Envelope
{
    /// <summary>Number of messages that the envelope counts as in the limit of the inbox.</summary>
    public int Messages { get; protected set; } = 1;

    /// <summary>Bytes that the envelope counts as in the limit of the inbox: the memory of its messages.</summary>
    public long ChargedBytes { get; protected set; }

    /// <summary>Delivers the envelope and returns it to its pool. Exceptions of the application are handled inside.</summary>
    public abstract void Deliver();

    /// <summary>Returns the envelope to its pool without delivering it, because the loop has ended.</summary>
    public abstract void Discard();

    /// <summary>The name of the handler, for the report of a late tick; null for work of the engine.</summary>
    public virtual string? HandlerName => null;
}
