namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>The result of a case, in the terms of the Autobahn test suite.</summary>
internal enum Verdict
{
    Failed,
    Ok,
    NonStrict,

    /// <summary>The standard does not define the result.</summary>
    Informational,
}
