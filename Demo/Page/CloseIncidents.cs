namespace NetLoop.Demo.Page;

/// <summary>Tells of closed sessions: those that go for one reason within some seconds are one line, whose count grows.</summary>
/// <param name="board">Where it is told.</param>
/// <remarks>Thread: one at a time.</remarks>
internal sealed class CloseIncidents(HappeningBoard board)
{
    private const long LongestMilliseconds = 10_000;

    private readonly Dictionary<CloseReason, Incident> _open = [];
    private readonly Dictionary<CloseReason, long> _before = [];

    /// <summary>Looks at the totals, and tells what is new.</summary>
    /// <param name="closed">Sessions closed since the server began, by reason.</param>
    /// <param name="botsHurt">Bots that lost their session, or messages, since the last call.</param>
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
