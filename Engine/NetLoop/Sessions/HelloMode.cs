namespace NetLoop;

/// <summary>How a session on a listener opens.</summary>
public enum HelloMode
{
    /// <summary>The client's first body must be Hello: version, fingerprint and token are checked before anything else is accepted.</summary>
    Required,

    /// <summary>
    /// Any body may come first. For trusted local links and benchmarks; the engine sends nothing of its own accord and no idle timeout
    /// applies.
    /// </summary>
    None,
}
