using System.Globalization;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Running;

/// <summary>How the nets dealt with a bug.</summary>
/// <param name="Place">The bug.</param>
/// <param name="Net">
/// tests, world, fuzz or interleaving; hang or crash for a net that did not come to its end; survived, or not-run when nothing runs the
/// place.
/// </param>
/// <param name="Finder">The test, the world with its seed, or the fuzz target with its seed.</param>
/// <param name="Text">What it said.</param>
/// <param name="Seconds">Processor time until then; 0 when the process did not come to its end.</param>
internal sealed record Finding(Place Place, string Net, string Finder, string Text, double Seconds)
{
    public const string Survived = "survived";
    public const string NotRun = "not-run";
    public const string Hang = "hang";
    public const string Crash = "crash";

    /// <summary>Whether a net told of it. A process that dies tells, and so does a test that hangs: the tests' hang watch ends it.</summary>
    public bool IsFound => Net is not (Survived or NotRun);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsFound ? "found" : "NOT FOUND")}\t{Place.Id}\t{Place.File}:{Place.Line}\t{Place.Words}\t{Net}\t{Finder}\t{Seconds:0.0} s\t{Text}");
}
