using System.Collections.Concurrent;

namespace HostedServer;

/// <summary>Keeps the scores while the program runs. A real server would use a database.</summary>
public sealed class ScoreStore
{
    private readonly ConcurrentDictionary<string, int> _points = new();

    /// <summary>Adds points, and returns the sum.</summary>
    public int Add(string player, int points) => _points.AddOrUpdate(player, points, (_, sum) => sum + points);

    /// <summary>The points of a player.</summary>
    public int PointsOf(string player) => _points.GetValueOrDefault(player);
}
