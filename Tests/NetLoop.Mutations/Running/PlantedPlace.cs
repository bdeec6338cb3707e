using System.Globalization;
using NetLoop.Mutations.Nets;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Running;

/// <summary>A bug in an engine, and the steps that look for it.</summary>
/// <param name="Place">The bug.</param>
/// <param name="Number">The number that switches it on; 0 if the engine has only this bug.</param>
/// <param name="Steps">The steps, in order.</param>
internal sealed record PlantedPlace(Place Place, int Number, IReadOnlyList<NetStep> Steps)
{
    /// <summary>The lines that tell a process about it.</summary>
    public IEnumerable<NetStep> ToSteps() => [new NetStep(NetStep.Bug, Place.Id, [Number.ToString(CultureInfo.InvariantCulture)]), .. Steps];
}
