using System.Globalization;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Nets;

/// <summary>
/// Which tests, worlds and fuzz targets run which sequence points of the engine. Made once for an engine; still useful after small changes
/// of it.
/// </summary>
internal sealed class HitMap
{
    private static readonly string[] Targets = ["reader", "skip", "typed", "serializer", "frames", "handshake", "websocket", "stack"];
    private static readonly (string Kind, int Last)[] Worlds = [("Swarm", 12), ("Dense", 1), ("Idle", 4), ("Storm", 4), ("Attack", 3), ("Overload", 3)];

    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, List<HitSource>> _byPoint = [];
    private readonly Dictionary<string, List<HitSource>> _byMethod = [];

    private HitMap(string path)
    {
        List<string> points = [];
        foreach (string line in File.ReadLines(path))
        {
            string[] parts = line.Split('\t');
            if (parts[0] == "point")
            {
                points.Add(parts[1]);
            }
            else if (parts[0] == "end" && !TestNet.IsLeftOut(parts[1]))
            {
                string[] hits = parts[4].Split(',', StringSplitOptions.RemoveEmptyEntries);
                HitSource source = new(parts[1], double.Parse(parts[2], CultureInfo.InvariantCulture), parts[3] == "Passed", hits.Length);
                foreach (string hit in hits)
                {
                    Add(points[int.Parse(hit, CultureInfo.InvariantCulture)], source);
                }
            }
        }
    }

    /// <summary>Runs everything once on an engine that marks its points, and records what ran.</summary>
    /// <returns>The number of points in the engine, and those that nothing runs.</returns>
    public static (int Points, IReadOnlyList<string> NotRun) Make(Scratch scratch, string path)
    {
        using EngineImage image = new(scratch.EnginePath);
        IReadOnlyList<(string Name, string Line)> points = HitCounter.Instrument(image);
        scratch.PutEngine(image.ToBytes());
        List<NetStep> steps =
        [
            .. Worlds.Select(world => NetStep.OfWorlds(world.Kind, 1, world.Last)),
            .. Targets.Select(target => NetStep.OfFuzzer(target, 2, 1)),
            new(NetStep.Tests, "", []),
        ];
        IReadOnlyList<string> report = NetProcess.Run(scratch, steps, MostTime, MostTime);
        File.WriteAllLines(
            path, [.. points.Select(point => $"point\t{point.Name}"), .. report.Where(line => !line.StartsWith("begin", StringComparison.Ordinal))]);
        HitMap map = new(path);
        return (
            points.Count,
            [.. points.Where(point => !map._byPoint.ContainsKey(point.Name)).Select(point => $"{point.Line}\t{point.Name[..point.Name.LastIndexOf('@')]}")]);
    }

    public static HitMap? Load(string path) => File.Exists(path) ? new HitMap(path) : null;

    /// <summary>What runs a place. If its method has changed, what runs the method.</summary>
    public IReadOnlyList<HitSource> At(Place place, int pointsOfMethod) =>
        _byPoint.TryGetValue($"{place.Method}@{place.Point}/{pointsOfMethod}", out List<HitSource>? found) ? found
        : _byPoint.ContainsKey($"{place.Method}@0/{pointsOfMethod}") ? [] : _byMethod.GetValueOrDefault(place.Method, []);

    private void Add(string point, HitSource source)
    {
        if (!_byPoint.TryGetValue(point, out List<HitSource>? sources))
        {
            _byPoint.Add(point, sources = []);
        }

        sources.Add(source);
        string method = point[..point.LastIndexOf('@')];
        if (!_byMethod.TryGetValue(method, out List<HitSource>? all))
        {
            _byMethod.Add(method, all = []);
        }

        if (all.Count == 0 || all[^1] != source)
        {
            all.Add(source);
        }
    }
}
