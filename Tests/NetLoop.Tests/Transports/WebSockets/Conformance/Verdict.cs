namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>How a case went, in the words of the Autobahn test suite.</summary>
internal enum Verdict
{
    Failed,
    Ok,
    NonStrict,

    /// <summary>The standard leaves open what happens.</summary>
    Informational,
}
