using System.Globalization;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Running;

/// <summary>The result for one bug.</summary>
/// <param name="Place">The bug.</param>
/// <param name="Net">
/// tests, world, fuzz or interleaving; hang or crash if a net did not end; survived if no net found it, or not-run if nothing runs the
/// place.
/// </param>
/// <param name="Finder">The test, the world with its seed, or the fuzz target with its seed.</param>
/// <param name="Text">The text of the failure.</param>
/// <param name="Seconds">Processor time until then; 0 if the process did not end by itself.</param>
internal sealed record Finding(Place Place, string Net, string Finder, string Text, double Seconds)
{
    public const string Survived = "survived";
    public const string NotRun = "not-run";
    public const string Hang = "hang";
    public const string Crash = "crash";

    /// <summary>Whether a net found it. A process that dies counts, and so does a test that hangs, which the tests' hang watch ends.</summary>
    public bool IsFound => Net is not (Survived or NotRun);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsFound ? "found" : "NOT FOUND")}\t{Place.Id}\t{Place.File}:{Place.Line}\t{Place.Words}\t{Net}\t{Finder}\t{Seconds:0.0} s\t{Text}");
}
