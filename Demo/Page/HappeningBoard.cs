namespace NetLoop.Demo.Page;

/// <summary>The list of events: sent to every page, and kept for pages that connect later.</summary>
/// <param name="now">Milliseconds since the server began.</param>
/// <param name="send">
/// Sends an event to every page that watches. Called in the order of the events, under a lock: it must be quick, and must not add events.
/// </param>
/// <remarks>Thread: any.</remarks>
internal sealed class HappeningBoard(Func<long> now, Action<Happening> send)
{
    /// <summary>Number of events kept; together about 12 KiB in a message.</summary>
    public const int MaxKept = 40;

    /// <summary>Maximum length of a text; the rest is cut off.</summary>
    public const int MaxText = 260;

    private readonly Lock _lock = new();
    private readonly List<Happening> _kept = [];
    private int _lastId;
    private int _worstId;

    /// <summary>Milliseconds since the server began.</summary>
    public long Now => now();

    /// <summary>The lateness of the latest tick among the events, in milliseconds.</summary>
    public float WorstLateness { get; private set; }

    /// <summary>Adds an event.</summary>
    /// <param name="kind">The kind of event.</param>
    /// <param name="text">A sentence for people.</param>
    /// <param name="lateMilliseconds">How late a tick was; 0 for everything else.</param>
    /// <returns>The event's number, for <see cref="Retell"/>.</returns>
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

    /// <summary>Replaces the text of an event; its time does not change.</summary>
    /// <param name="id">The event's number.</param>
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

    /// <summary>Returns a copy of the last events, oldest first. The one with the latest tick is among them.</summary>
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
