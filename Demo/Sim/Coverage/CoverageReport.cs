namespace NetLoop.Demo.Sim.Coverage;

/// <summary>What <c>netloop sim --coverage</c> prints.</summary>
internal enum CoverageReport
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>How often each class of faults happened.</summary>
    Faults,

    /// <summary>The same, and how much of the engine ran.</summary>
    Engine,

    /// <summary>The same, and which lines did not run.</summary>
    Lines,
}
