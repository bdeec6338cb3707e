namespace NetLoop;

/// <summary>What happens when a message handler throws. An exception of a request handler becomes the error response HandlerFailed instead.</summary>
public enum HandlerFaultPolicy
{
    /// <summary>The session that sent the message is closed with HandlerFault, because its state may be inconsistent.</summary>
    CloseSession,

    /// <summary>The fault is counted and logged; the session stays open.</summary>
    Continue,
}
