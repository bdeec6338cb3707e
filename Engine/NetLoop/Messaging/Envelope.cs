namespace NetLoop.Messaging;

/// <summary>One thing for the handlers' side to do: decoded messages for one handler, an answer, an opened or closed session, a tick.</summary>
/// <remarks>Pooled. Thread: made on the loop, delivered where handlers run.</remarks>
internal abstract class Envelope
{
    /// <summary>What the envelope counts for in the inbox's message limit.</summary>
    public int Messages { get; protected set; } = 1;

    /// <summary>What the envelope counts for in the inbox's byte limit: the memory of its messages.</summary>
    public long ChargedBytes { get; protected set; }

    /// <summary>Does it, and returns the envelope to its pool. Faults of the application are handled inside.</summary>
    public abstract void Deliver();

    /// <summary>Returns the envelope to its pool without doing anything, because the loop ends first.</summary>
    public abstract void Discard();

    /// <summary>Whose handler it is, for the report of a late tick; null for the engine's own work.</summary>
    public virtual string? HandlerName => null;
}
