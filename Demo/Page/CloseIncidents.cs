namespace NetLoop.Demo.Page;

/// <summary>Reports closed sessions. Those with the same reason within a few seconds share a line, whose count grows.</summary>
/// <param name="board">Receives the lines.</param>
/// <remarks>Thread: one at a time.</remarks>
internal sealed class CloseIncidents(HappeningBoard board)
{
    private const long LongestMilliseconds = 10_000;

    private readonly Dictionary<CloseReason, Incident> _open = [];
    private readonly Dictionary<CloseReason, long> _before = [];

    /// <summary>Compares the totals with the last ones, and reports the differences.</summary>
    /// <param name="closed">Number of sessions closed since the server began, by reason.</param>
    /// <param name="botsHurt">Number of bots that lost their session or messages since the last call.</param>
    public void Update(IReadOnlyDictionary<CloseReason, long> closed, long botsHurt)
    {
        foreach ((CloseReason reason, long total) in closed)
        {
            long more = total - _before.GetValueOrDefault(reason);
            _before[reason] = total;
            if (more > 0 && reason != CloseReason.Normal)
            {
                Add(reason, more, botsHurt);
            }
        }
    }

    private void Add(CloseReason reason, long more, long botsHurt)
    {
        if (_open.GetValueOrDefault(reason) is { } incident && board.Now - incident.Began < LongestMilliseconds)
        {
            incident.Count += more;
            incident.BotsHurt += botsHurt;
            board.Retell(incident.Id, CloseSentence.Of(reason, incident.Count, incident.BotsHurt));
            return;
        }

        int id = board.Tell(HappeningKind.Closed, CloseSentence.Of(reason, more, botsHurt));
        _open[reason] = new Incident { Id = id, Began = board.Now, Count = more, BotsHurt = botsHurt };
    }

    private sealed class Incident
    {
        public required int Id { get; init; }

        public required long Began { get; init; }

        public required long Count { get; set; }

        public required long BotsHurt { get; set; }
    }
}
