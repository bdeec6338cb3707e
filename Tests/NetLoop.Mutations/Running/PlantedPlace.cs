using System.Globalization;
using NetLoop.Mutations.Nets;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Running;

/// <summary>A bug in an engine, and what shall look for it.</summary>
/// <param name="Place">The bug.</param>
/// <param name="Number">What switches it on; 0 for the only one of an engine.</param>
/// <param name="Steps">What to run, in this order.</param>
internal sealed record PlantedPlace(Place Place, int Number, IReadOnlyList<NetStep> Steps)
{
    /// <summary>What a process is told.</summary>
    public IEnumerable<NetStep> ToSteps() => [new NetStep(NetStep.Bug, Place.Id, [Number.ToString(CultureInfo.InvariantCulture)]), .. Steps];
}
