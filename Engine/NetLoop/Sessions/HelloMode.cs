namespace NetLoop;

/// <summary>How a session on a listener opens.</summary>
public enum HelloMode
{
    /// <summary>The client's first body must be Hello: version, fingerprint and token are checked before anything else is accepted.</summary>
    Required,

    /// <summary>
    /// No Hello: the first body may be any message. For trusted local links and benchmarks. The engine then sends no pings, and the idle timeout does
    /// not apply.
    /// </summary>
    None,
}
