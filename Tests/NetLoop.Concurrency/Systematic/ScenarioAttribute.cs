namespace NetLoop.Concurrency;

/// <summary>A few lines in which threads meet, run many times with different interleavings.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScenarioAttribute : Attribute
{
    /// <summary>Whether threads may switch between any two accesses to a field, not only where they synchronize.</summary>
    public bool InterleavesFields { get; init; }
}
