namespace HostedServer;

/// <summary>A unit of work, like a database context: created for each message and disposed after it.</summary>
public sealed class ScoreContext(ScoreStore store) : IDisposable
{
    private bool _isDisposed;

    /// <summary>Adds points, and returns the sum.</summary>
    public ValueTask<int> AddAsync(string player, int points)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return ValueTask.FromResult(store.Add(player, points));
    }

    /// <summary>The points of a player.</summary>
    public ValueTask<int> PointsOfAsync(string player)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return ValueTask.FromResult(store.PointsOf(player));
    }

    /// <inheritdoc/>
    public void Dispose() => _isDisposed = true;
}
