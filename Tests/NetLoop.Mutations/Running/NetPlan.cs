using NetLoop.Mutations.Nets;
using NetLoop.Mutations.Places;

namespace NetLoop.Mutations.Running;

/// <summary>
/// The order in which the nets look for a bug: the tests of its type, other cheap tests that run its place, worlds, fuzzers, the rest of the
/// tests.
/// </summary>
internal static class NetPlan
{
    private const double CheapMilliseconds = 2_000;
    private const double MostCheapMilliseconds = 3_000;
    private const int FirstWorlds = 10;
    private const int FuzzSeconds = 6;
    private const int FuzzSeed = 11;

    private static readonly (string Kind, int Worlds)[] WorldsOfEachKind =
    [
        ("Swarm", 40), ("Storm", 12), ("Attack", 6), ("Idle", 8), ("Overload", 6), ("Dense", 1)
    ];

    // Places that more than one thread runs.
    private static readonly string[] SharedFolders = ["Messaging", "Handlers", "Hosting", "Buffers", "Stack/Linux"];
    private static readonly string[] SharedTypes = ["SharedBody", "ConnectionSet", "Session", "SessionGroup", "GroupPart", "LoopServices"];

    /// <summary>All tests of interleavings.</summary>
    public static NetStep AllInterleavings => new(NetStep.Interleaving, "", []);

    /// <summary>Whether several threads may run a place at the same time.</summary>
    public static bool MayBeShared(Place place) => SharedFolders.Contains(place.Folder) || SharedTypes.Contains(SimpleName(place));

    /// <summary>The steps for a place if it is known what runs it.</summary>
    public static IReadOnlyList<NetStep> Make(Place place, IReadOnlyList<HitSource> sources)
    {
        string type = SimpleName(place);
        List<(NetStep Step, bool IsNear, double Cost)> fixtures =
        [
            .. from source in sources
               where source is { IsTest: true, IsPassed: true }
               group source by source.Fixture into fixture
               let isNear = fixture.Key.Split('(')[0].Split('.')[^1].StartsWith(type, StringComparison.Ordinal)
               let cost = fixture.Sum(test => test.Milliseconds)
               orderby isNear descending, cost
               select (new NetStep(NetStep.Tests, fixture.Key, [.. fixture.OrderBy(test => test.Points).Select(test => test.Name)]), isNear, cost),
        ];
        HashSet<string> kinds = [.. sources.Where(source => source.IsWorld).Select(source => source.Name.Split(' ')[0])];
        IEnumerable<NetStep> fuzzers = sources
            .Where(source => source is { IsTest: false, IsWorld: false })
            .OrderBy(source => source.Points)
            .Select(source => NetStep.OfFuzzer(source.Name, FuzzSeconds, FuzzSeed));
        double spent = 0;
        List<NetStep> first = [];
        List<NetStep> second = [];
        foreach ((NetStep step, bool isNear, double cost) in fixtures)
        {
            if (isNear || spent < MostCheapMilliseconds)
            {
                spent += cost;
                first.Add(step);
            }
            else if (cost < CheapMilliseconds)
            {
                second.Add(step);
            }
        }

        // Some worlds are cheaper than most of the tests of whole servers.
        IEnumerable<NetStep> firstWorlds = kinds.Contains("Swarm") ? [NetStep.OfWorlds("Swarm", 1, FirstWorlds)] : [];
        IEnumerable<NetStep> worlds = WorldsOfEachKind
            .Where(world => kinds.Contains(world.Kind))
            .Select(world => NetStep.OfWorlds(world.Kind, world.Kind == "Swarm" ? FirstWorlds + 1 : 1, world.Worlds));
        return [.. first, .. firstWorlds, .. second, .. worlds, .. fuzzers, .. fixtures.Select(fixture => fixture.Step).Except(first).Except(second)];
    }

    /// <summary>The steps for a place if nothing is known about it.</summary>
    public static IReadOnlyList<NetStep> MakeBlindly(Place place) =>
    [
        new(NetStep.Tests, $"NetLoop.Tests.{place.Folder.Replace('/', '.')}.{SimpleName(place)}Tests", []),
        .. WorldsOfEachKind.Select(world => NetStep.OfWorlds(world.Kind, 1, world.Worlds)),
        .. FuzzTargets(place).Select(target => NetStep.OfFuzzer(target, FuzzSeconds, FuzzSeed)),
        new(NetStep.Tests, "", []),
    ];

    private static string[] FuzzTargets(Place place) => place.Folder switch
    {
        "MessagePack" => ["reader", "skip", "typed"],
        "Framing" or "Messaging" => ["frames", "handshake"],
        "Sessions" => ["handshake"],
        "Framing/WebSockets" or "Transports/WebSockets" => ["websocket"],
        _ => [],
    };

    private static string SimpleName(Place place) => place.Type.Split('.').Last(part => !part.StartsWith('<')).Split('`')[0];
}
