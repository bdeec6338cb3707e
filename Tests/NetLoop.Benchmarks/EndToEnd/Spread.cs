namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The median and the quartiles of some figures.</summary>
/// <param name="Low">First quartile.</param>
/// <param name="Median">Median.</param>
/// <param name="High">Third quartile.</param>
internal sealed record Spread(double Low, double Median, double High)
{
    /// <summary>Computes the spread of at least one figure; quartiles between two figures are interpolated.</summary>
    public static Spread Of(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return new Spread(At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
    }

    private static double At(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}
