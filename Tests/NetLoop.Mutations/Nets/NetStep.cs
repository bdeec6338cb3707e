namespace NetLoop.Mutations.Nets;

/// <summary>One step of a process of the nets: some tests of a fixture, worlds, a fuzz target, or switching on the next bug.</summary>
/// <param name="Net">tests, interleaving, world, fuzz or bug.</param>
/// <param name="Name">The fixture, the kind of world, the target, or the bug's place.</param>
/// <param name="Words">Names of tests, or none for all; first and last seed; seconds and seed; the bug's number.</param>
internal sealed record NetStep(string Net, string Name, IReadOnlyList<string> Words)
{
    public const string Bug = "bug";
    public const string Tests = "tests";
    public const string World = "world";
    public const string Fuzz = "fuzz";
    public const string Interleaving = "interleaving";

    public static NetStep OfWorlds(string kind, int first, int last) => new(World, kind, [$"{first}", $"{last}"]);

    public static NetStep OfFuzzer(string target, int seconds, int seed) => new(Fuzz, target, [$"{seconds}", $"{seed}"]);

    public static NetStep Parse(string line)
    {
        string[] parts = line.Split('\t');
        return new NetStep(parts[0], parts[1], parts[2..]);
    }

    public override string ToString() => string.Join('\t', [Net, Name, .. Words]);
}
