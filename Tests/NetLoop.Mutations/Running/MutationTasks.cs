using System.Globalization;
using NetLoop.Mutations.Nets;
using NetLoop.Mutations.Places;
using NetLoop.Mutations.Recorded;

namespace NetLoop.Mutations.Running;

/// <summary>The tasks of the command line.</summary>
internal sealed class MutationTasks(MutationOptions options, TextWriter output, TextWriter error)
{
    private string Engine => Path.Combine(options.Tests, "NetLoop.Engine.dll");

    /// <returns>The exit code.</returns>
    public int Run()
    {
        switch (options.Task)
        {
            case "list":
                foreach (Place place in Choose())
                {
                    output.WriteLine($"{place.Id}\t{place.File}:{place.Line}\t{place.Words}");
                }

                return 0;
            case "map":
                using (Scratch scratch = new(options.Tests, TestNet.Tests))
                {
                    (int points, IReadOnlyList<string> notRun) = HitMap.Make(scratch, options.Map);
                    foreach (string line in notRun)
                    {
                        output.WriteLine($"not run\t{line}");
                    }

                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{points - notRun.Count} of {points} places of the source ran"));
                }

                return 0;
            case "table":
                return PrintTable();
            case "repair":
                return Repair();
            default:
                return options.IsRecorded ? RunRecorded() : RunChosen();
        }
    }

    private IReadOnlyList<Place> Choose()
    {
        using EngineImage image = new(Engine);
        IReadOnlyList<Place> places = [.. PlaceFinder.FindAll(image).Where(place =>
            (place.Id.Contains(options.Match, StringComparison.Ordinal) || place.File.Contains(options.Match, StringComparison.Ordinal))
                && (options.Only.Length == 0 || options.Only.Contains(place.Id)))];
        return options.Seed is { } seed ? Draw.Choose(places, seed, options.Count) : [.. places.Take(options.Count)];
    }

    private List<Place> Named()
    {
        using EngineImage image = new(Engine);
        return [.. options.Only.Select(id => PlaceFinder.Find(image, id)).OfType<Place>()];
    }

    private int RunChosen()
    {
        IReadOnlyList<Place> places = options.Only.Length > 0 ? Named() : Choose();
        if (places.Count < options.Only.Length || places.Count == 0)
        {
            error.WriteLine("mutations: the engine has no such place; see list");
            return 2;
        }

        return Run([.. places.Select(place => (place.Id, (NetStep?)null))]);
    }

    private int RunRecorded()
    {
        RecordedBug[] bugs = [.. RecordedBugs.Load().Where(bug => options.Only.Length == 0 || options.Only.Contains(bug.Id))];
        if (options.Seed is { } seed)
        {
            new Random(seed).Shuffle(bugs);
        }

        return Run([.. bugs.Take(options.Count).Select(bug => (bug.Id, bug.Step))]);
    }

    private int Run(IReadOnlyList<(string Id, NetStep? First)> bugs)
    {
        using Scratch scratch = new(options.Tests, TestNet.Tests);
        string schedules = options.Tests.Replace(TestNet.Tests, TestNet.Interleavings, StringComparison.Ordinal);
        using Scratch? interleavings = schedules != options.Tests && Directory.Exists(schedules) ? new(schedules, TestNet.Interleavings) : null;
        MutantRunner runner = new(scratch, interleavings, HitMap.Load(options.Map), options.Budget, options.Patience);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        int found = 0;
        int lost = 0;
        foreach ((string id, Finding? finding) in runner.Run(bugs).TakeWhile(_ => System.Diagnostics.Stopwatch.GetElapsedTime(start) < options.Time))
        {
            output.WriteLine(finding?.ToString() ?? $"NOT FOUND\t{id}\tthe engine has no such place");
            output.Flush();
            found += finding is { IsFound: true } ? 1 : 0;
            lost += finding is { IsFound: true } ? 0 : 1;
            if (finding is { IsFound: true }
                && options.Record.Length > 0
                && new RecordedBug(id, finding.Place.Words, finding.Net, finding.Finder) is { Step: not null } bug)
            {
                File.AppendAllText(options.Record, RecordedBugs.Format(bug) + "\n");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{found} found, {lost} not found"));
        return lost == 0 ? 0 : 1;
    }

    private int PrintTable()
    {
        foreach (string line in RecordedBugs.ToMarkdown(RecordedBugs.Load()))
        {
            output.WriteLine(line);
        }

        return 0;
    }

    // A change of a method may move a place among the others of its kind.
    private int Repair()
    {
        using EngineImage image = new(Engine);
        IReadOnlyList<Place> places = PlaceFinder.FindAll(image);
        HashSet<string> used = [];
        int lost = 0;
        output.WriteLine(RecordedBugs.Header);
        foreach (RecordedBug bug in RecordedBugs.Load())
        {
            string kind = bug.Id[..bug.Id.LastIndexOf('/')];
            Place? place = places.FirstOrDefault(known => known.Id == bug.Id && known.Words == bug.Words)
                ?? places.FirstOrDefault(
                    known => known.Id.StartsWith(kind + "/", StringComparison.Ordinal) && known.Words == bug.Words && !used.Contains(known.Id));
            if (place is null)
            {
                lost++;
                error.WriteLine($"mutations: {bug.Id} is not there any more");
            }
            else if (used.Add(place.Id))
            {
                output.WriteLine(RecordedBugs.Format(bug with { Id = place.Id }));
            }
        }

        return lost == 0 ? 0 : 1;
    }
}
