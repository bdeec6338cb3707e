namespace NetLoop.Concurrency;

/// <summary>A few lines in which threads meet, run over and over with the threads interleaved in another order each time.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScenarioAttribute : Attribute
{
    /// <summary>Whether threads also change places between any two accesses to a field, not only where they synchronize.</summary>
    public bool InterleavesFields { get; init; }
}
