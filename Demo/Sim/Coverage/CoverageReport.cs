namespace NetLoop.Demo.Sim.Coverage;

/// <summary>What <c>netloop sim --coverage</c> prints.</summary>
internal enum CoverageReport
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>How often each fault class happened.</summary>
    Faults,

    /// <summary>That, and how much of the engine ran.</summary>
    Engine,

    /// <summary>That, and which lines did not.</summary>
    Lines,
}
