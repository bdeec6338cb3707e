using NetLoop.Mutations.Nets;

namespace NetLoop.Mutations.Recorded;

/// <summary>A bug that a net is known to find.</summary>
/// <param name="Id">Its place.</param>
/// <param name="Words">What it does; the place must still have the same text.</param>
/// <param name="Net">The net that finds it.</param>
/// <param name="Finder">The test's full name, or the world or fuzz target with its seed.</param>
internal sealed record RecordedBug(string Id, string Words, string Net, string Finder)
{
    private const int FuzzSeconds = 10;

    /// <summary>The step that finds it; null for a net without a name.</summary>
    public NetStep? Step
    {
        get
        {
            string[] words = Finder.Split(' ');
            return Net switch
            {
                NetStep.Tests or NetStep.Interleaving => new NetStep(Net, new HitSource(Finder, 0, true, 0).Fixture, [Finder]),
                NetStep.World => new NetStep(NetStep.World, words[0], [words[1], words[1]]),
                NetStep.Fuzz => new NetStep(NetStep.Fuzz, words[0], [$"{FuzzSeconds}", words[1]]),
                _ => null,
            };
        }
    }
}
