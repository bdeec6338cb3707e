namespace NetLoop;

/// <summary>What follows when a message handler throws. A request handler's exception is answered with HandlerFailed instead.</summary>
public enum HandlerFaultPolicy
{
    /// <summary>The session whose message it was is closed with HandlerFault. Its state may be half changed.</summary>
    CloseSession,

    /// <summary>The fault is counted and logged; the session goes on.</summary>
    Continue,
}
