namespace NetLoop.Demo.Page;

/// <summary>The lines about what happened: told to every page, and kept for those that come later.</summary>
/// <param name="now">Milliseconds since the server began.</param>
/// <param name="send">Tells every page that watches. Called in the order of the lines, under a lock: it must be quick, and may not tell anything.</param>
/// <remarks>Thread: any.</remarks>
internal sealed class HappeningBoard(Func<long> now, Action<Happening> send)
{
    /// <summary>Lines kept; together some 12 KiB in a message.</summary>
    public const int MaxKept = 40;

    /// <summary>The longest text; the rest is left out.</summary>
    public const int MaxText = 260;

    private readonly Lock _lock = new();
    private readonly List<Happening> _kept = [];
    private int _lastId;
    private int _worstId;

    /// <summary>Milliseconds since the server began.</summary>
    public long Now => now();

    /// <summary>How late the latest tick was that a line tells of, in milliseconds.</summary>
    public float WorstLateness { get; private set; }

    /// <summary>Tells something new.</summary>
    /// <param name="kind">What kind of thing it is.</param>
    /// <param name="text">A sentence for people.</param>
    /// <param name="lateMilliseconds">How late a tick was; 0 for everything else.</param>
    /// <returns>The line's number, for <see cref="Retell"/>.</returns>
    public int Tell(HappeningKind kind, string text, float lateMilliseconds = 0)
    {
        lock (_lock)
        {
            int id = ++_lastId;
            NoteLateness(id, lateMilliseconds);
            Put(new Happening(id, now(), kind, Cut(text), lateMilliseconds));
            return id;
        }
    }

    /// <summary>Tells something again with another text, which takes the place of the first; its time stays.</summary>
    /// <param name="id">The line's number.</param>
    /// <param name="text">A sentence for people.</param>
    /// <param name="lateMilliseconds">How late a tick was; 0 for everything else.</param>
    public void Retell(int id, string text, float lateMilliseconds = 0)
    {
        lock (_lock)
        {
            int index = _kept.FindIndex(line => line.Id == id);
            if (index >= 0)
            {
                NoteLateness(id, lateMilliseconds);
                _kept[index] = _kept[index] with { Text = Cut(text), LateMilliseconds = lateMilliseconds };
                send(_kept[index]);
            }
        }
    }

    /// <summary>A copy of the last lines, oldest first; the one with the latest tick is among them.</summary>
    public List<Happening> ToList()
    {
        lock (_lock)
        {
            return [.. _kept];
        }
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..(MaxText - 1)] + "…";

    private void NoteLateness(int id, float lateMilliseconds)
    {
        if (lateMilliseconds > WorstLateness)
        {
            (WorstLateness, _worstId) = (lateMilliseconds, id);
        }
    }

    private void Put(in Happening happening)
    {
        if (_kept.Count == MaxKept)
        {
            _kept.RemoveAt(_kept[0].Id == _worstId ? 1 : 0);
        }

        _kept.Add(happening);
        send(happening);
    }
}
