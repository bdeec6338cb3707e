using NetLoop.Mutations.Nets;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Running;

/// <summary>Plants bugs and lets the nets look for each of them.</summary>
/// <param name="scratch">For tests, worlds and fuzzers.</param>
/// <param name="interleavings">For interleavings; null if they are not built.</param>
/// <param name="map">Which net runs which place; null if that is not known.</param>
/// <param name="budget">Maximum processor time for each bug.</param>
/// <param name="patience">Maximum time for one test or world.</param>
internal sealed class MutantRunner(Scratch scratch, Scratch? interleavings, HitMap? map, TimeSpan budget, TimeSpan patience)
{
    // A bug may leave threads behind that disturb the next turn.
    private const int BugsOfAProcess = 12;

    /// <summary>Plants bugs and runs nets until one finds each bug, or none is left.</summary>
    /// <param name="bugs">Their places, and what to run first.</param>
    /// <returns>The results; null for a place that the engine does not have.</returns>
    public IEnumerable<(string Id, Finding? Finding)> Run(IReadOnlyList<(string Id, NetStep? First)> bugs)
    {
        foreach ((string Id, NetStep? First)[] some in bugs.Chunk(BugsOfAProcess))
        {
            foreach ((string id, Finding? finding) in RunSome(some))
            {
                yield return (id, finding);
            }
        }
    }

    private IEnumerable<(string Id, Finding? Finding)> RunSome((string Id, NetStep? First)[] bugs)
    {
        using EngineImage image = new(scratch.EnginePath);
        BugSwitch engine = new(image);
        List<PlantedPlace> together = [];
        List<PlantedPlace> alone = [];
        for (int i = 0; i < bugs.Length; i++)
        {
            (string id, NetStep? first) = bugs[i];
            if (PlaceFinder.Find(image, id) is not { } place)
            {
                yield return (id, null);
                continue;
            }

            NetStep[] steps = [.. Steps(image, place, first)];
            if (engine.TryAdd(id, i + 1))
            {
                together.Add(new PlantedPlace(place, i + 1, steps));
            }
            else
            {
                alone.Add(new PlantedPlace(place, 0, steps));
            }
        }

        foreach (Finding finding in together.Count > 0 ? Search(together, engine.ToBytes()) : [])
        {
            yield return (finding.Place.Id, finding);
        }

        foreach (PlantedPlace planted in alone)
        {
            using EngineImage one = new(scratch.EnginePath);
            PlaceFinder.Apply(one, planted.Place.Id);
            foreach (Finding finding in Search([planted], one.ToBytes()))
            {
                yield return (finding.Place.Id, finding);
            }
        }
    }

    private IEnumerable<NetStep> Steps(EngineImage image, Place place, NetStep? first)
    {
        Mono.Cecil.MethodDefinition method = PlaceFinder.MethodOf(image, place.Id)!;

        // A type is initialized once in a process: which test came first does not tell which tests would notice a mistake.
        IReadOnlyList<NetStep> others = map is null || method is { IsConstructor: true, IsStatic: true }
            ? NetPlan.MakeBlindly(place)
            : NetPlan.Make(place, map.At(place, method.DebugInformation.SequencePoints.Count(point => !point.IsHidden)));
        IEnumerable<NetStep> threads = NetPlan.MayBeShared(place) ? [NetPlan.AllInterleavings] : [];
        return [.. first is null ? [] : new[] { first }, .. others, .. threads];
    }

    /// <summary>Runs the nets that can share one process, then the interleavings.</summary>
    private IEnumerable<Finding> Search(IReadOnlyList<PlantedPlace> bugs, byte[] engine)
    {
        IReadOnlyList<Finding> findings = Search(scratch, engine, bugs, step => step.Net != NetStep.Interleaving);
        IReadOnlyList<PlantedPlace> left = [.. bugs.Where(bug => findings.Any(finding => finding.Place == bug.Place && !finding.IsFound))];
        IReadOnlyList<Finding> others = interleavings is null ? [] : [.. left.SelectMany(bug => SearchInterleavings(interleavings, bug))];
        return [.. findings.Select(finding => others.FirstOrDefault(other => other.IsFound && other.Place == finding.Place) ?? finding)];
    }

    // They load the engine again, where the switch has no effect.
    private List<Finding> SearchInterleavings(Scratch where, PlantedPlace bug)
    {
        using EngineImage image = new(scratch.EnginePath);
        PlaceFinder.Apply(image, bug.Place.Id);
        return Search(where, image.ToBytes(), [bug], step => step.Net == NetStep.Interleaving);
    }

    private List<Finding> Search(Scratch where, byte[] engine, IReadOnlyList<PlantedPlace> bugs, Func<NetStep, bool> fits)
    {
        List<Finding> findings = [];
        List<PlantedPlace> waiting = [];
        foreach (PlantedPlace bug in bugs)
        {
            PlantedPlace fitting = bug with { Steps = [.. bug.Steps.Where(fits)] };
            if (fitting.Steps.Count > 0)
            {
                waiting.Add(fitting);
            }
            else
            {
                findings.Add(new Finding(bug.Place, Finding.NotRun, "", "", 0));
            }
        }

        while (waiting.Count > 0)
        {
            where.PutEngine(engine);
            IReadOnlyList<string> report = NetProcess.Run(where, waiting.SelectMany(bug => bug.ToSteps()), budget, patience);
            List<Finding> more = NetReport.Read(report, [.. waiting.Select(bug => bug.Place)]);
            findings.AddRange(more);
            waiting.RemoveRange(0, more.Count);
        }

        return findings;
    }
}
