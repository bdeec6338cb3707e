using System.Globalization;
using NetLoop.Hosting;

namespace NetLoop.Demo.Page;

/// <summary>Reports late ticks. Those within a few seconds share a line, which describes the worst of them.</summary>
/// <param name="board">Receives the lines.</param>
/// <param name="tickRate">Ticks a second.</param>
/// <remarks>Thread: any; one lock.</remarks>
internal sealed class LateTicks(HappeningBoard board, int tickRate)
{
    private const long LongestMilliseconds = 10_000;

    /// <summary>Tolerance for the sampled lateness, which is rounded up to the end of a histogram bucket.</summary>
    private const float Rounding = 1.05f;

    private readonly Lock _lock = new();
    private Incident? _open;

    /// <summary>Reports a tick that the engine logged, and a later one that it had not logged.</summary>
    /// <param name="milliseconds">How late it was.</param>
    /// <param name="cause">The cause, in sentences.</param>
    /// <param name="suppressed">Late ticks that were not logged.</param>
    public void Tell(double milliseconds, string cause, SuppressedTicks suppressed)
    {
        float worst = suppressed.Worst.Lateness / 1e6f;
        bool isWorse = suppressed.Count > 0 && worst > milliseconds;
        lock (_lock)
        {
            Add(isWorse ? worst : (float)milliseconds, isWorse ? suppressed.Worst.ToString() : cause, suppressed.Count + 1);
        }
    }

    /// <summary>Reports the latest tick of a sample if it was later than any reported one, because the engine logs only one tick every few seconds.</summary>
    public void Check(float lateMaxMilliseconds)
    {
        float step = 1_000f / tickRate;
        lock (_lock)
        {
            if (lateMaxMilliseconds > 2 * step && lateMaxMilliseconds > board.WorstLateness * Rounding)
            {
                Add(lateMaxMilliseconds, cause: null, count: 0);
            }
        }
    }

    private void Add(float milliseconds, string? cause, long count)
    {
        // The engine's next line has the cause of a tick that was reported without one.
        bool isItsCause = _open is { Cause: null } asked && milliseconds >= asked.Worst / Rounding && milliseconds <= asked.Worst * Rounding;
        if (_open is { } open && (isItsCause || board.Now - open.Began < LongestMilliseconds))
        {
            open.Count += count;
            if (isItsCause || milliseconds > open.Worst)
            {
                (open.Worst, open.Cause) = (Math.Max(milliseconds, open.Worst), cause);
            }

            board.Retell(open.Id, open.ToString(), open.Worst);
            return;
        }

        var incident = new Incident { Began = board.Now, Worst = milliseconds, Cause = cause, Count = count };
        incident.Id = board.Tell(HappeningKind.Late, incident.ToString(), milliseconds);
        _open = incident;
    }

    private sealed class Incident
    {
        public required long Began { get; init; }

        public int Id { get; set; }

        public required float Worst { get; set; }

        public required string? Cause { get; set; }

        /// <summary>Late ticks that the engine reported, including those that it did not log.</summary>
        public required long Count { get; set; }

        public override string ToString()
        {
            string others = Count switch
            {
                <= 1 => "",
                2 => " Another tick was late.",
                _ => string.Create(CultureInfo.InvariantCulture, $" {Count - 1:N0} other ticks were late."),
            };
            string cause = Cause ?? "The engine logs one late tick in 5 s; the cause of this one follows.";
            return string.Create(CultureInfo.InvariantCulture, $"A tick started {Worst:N0} ms late. {cause}{others}");
        }
    }
}
