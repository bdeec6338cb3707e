namespace NetLoop.Worlds;

/// <summary>Looks for the smallest world in which the same invariant breaks: fewer fault classes, fewer clients, less time.</summary>
internal static class Shrinker
{
    private const int SmallestSafetyMilliseconds = 10;

    /// <param name="failure">A world that broke.</param>
    /// <param name="onSmaller">Called with every smaller world that still fails.</param>
    /// <param name="cancellation">Ends the search with the smallest world found so far.</param>
    public static WorldResult Shrink(WorldResult failure, Action<WorldOptions> onSmaller, CancellationToken cancellation)
    {
        WorldResult smallest = failure;
        foreach (FaultClass fault in Enum.GetValues<FaultClass>())
        {
            WorldOptions options = smallest.Options;
            if (options.Faults.Allows(fault) && WorldSettings.Draws(options, fault))
            {
                Try(options with { Faults = options.Faults.Without(fault) });
            }
        }

        for (int clients = WorldSettings.ClientsOf(smallest.Options) / 2; clients > 0; clients /= 2)
        {
            if (!Try(smallest.Options with { Clients = clients }))
            {
                break;
            }
        }

        // Bisection: the failure happens for the first time somewhere while faults are active.
        int least = 0;
        int most = (int)(WorldSettings.SafetyOf(smallest.Options) / 1_000_000);
        while (most - least > SmallestSafetyMilliseconds)
        {
            int middle = least + ((most - least) / 2);
            if (Try(smallest.Options with { Safety = TimeSpan.FromMilliseconds(middle) }))
            {
                most = middle;
            }
            else
            {
                least = middle;
            }
        }

        return smallest;

        bool Try(WorldOptions smaller)
        {
            if (cancellation.IsCancellationRequested)
            {
                return false;
            }

            WorldResult result = World.Run(smaller);
            if (result.Violation?.Invariant != failure.Violation?.Invariant)
            {
                return false;
            }

            smallest = result;
            onSmaller(smaller);
            return true;
        }
    }
}
