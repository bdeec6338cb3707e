using System.Diagnostics;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Server;

/// <summary>Watches a server: once a second for people, at the end for the summary.</summary>
/// <param name="statistics">The server in numbers.</param>
/// <param name="lost">How many messages its modules know to be lost.</param>
internal sealed class ServerMeter(Func<LoopStatistics> statistics, Func<long> lost)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly RateCounter _ticks = new();
    private readonly RateCounter _messagesIn = new();
    private readonly RateCounter _messagesOut = new();
    private readonly RateCounter _bytesIn = new();
    private readonly RateCounter _bytesOut = new();
    private readonly RateCounter _allocated = new();
    private readonly BusyCounter _busy = new();
    private long _sampled = Stopwatch.GetTimestamp();

    /// <summary>Time since the meter was made.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>How it went since the last sample.</summary>
    public StatusPart Sample()
    {
        LoopStatistics now = statistics();
        double seconds = Math.Max(0.001, Stopwatch.GetElapsedTime(_sampled).TotalSeconds);
        _sampled = Stopwatch.GetTimestamp();
        string ticks = Format.Rate(_ticks.Next(now.Ticks, seconds));
        double messagesIn = _messagesIn.Next(now.BodiesIn, seconds);
        double messagesOut = _messagesOut.Next(now.BodiesOut, seconds);
        double allocatedBytes = _allocated.Next(now.AllocatedBytes, seconds);
        string allocated = Format.BytesEach(allocatedBytes, messagesIn + messagesOut);
        string busy = Format.Percent(_busy.Next(now));
        var tickTime = LatencySummary.From(now.TickTime);
        var lateness = LatencySummary.From(now.TickLateness);
        return new StatusPart(
            $"{ticks} ticks/s  sessions {now.Sessions}  in {Format.Rate(messagesIn)}/s  out {Format.Rate(messagesOut)}/s  allocated {allocated}  "
                + $"busy {busy}  lost {lost()}",
            [
                ("ticks", $"{ticks} a second, {now.TicksSkipped} skipped"),
                ("tick time", tickTime.ToString()),
                ("tick lateness", lateness.ToString()),
                ("sessions", Format.Count(now.Sessions)),
                ("messages", $"{Format.Rate(messagesIn)} in, {Format.Rate(messagesOut)} out a second"),
                ("bytes", $"{Format.Bytes(_bytesIn.Next(now.BytesIn, seconds))} in, {Format.Bytes(_bytesOut.Next(now.BytesOut, seconds))} out a second"),
                ("waiting", $"{Format.Count(now.InboxDepth)} messages for handlers, {Format.Bytes(now.SendQueueBytes)} for slow readers"),
                ("allocated", allocated),
                ("busy", busy),
                ("lost", Format.Count(lost())),
            ]);
    }

    /// <summary>How it went from beginning to end.</summary>
    public ServerSummary Summarize()
    {
        LoopStatistics end = statistics();
        double seconds = Elapsed.TotalSeconds;
        return new ServerSummary(
            Math.Round(seconds, 3),
            end.Ticks,
            Math.Round(end.Ticks / seconds, 2),
            end.TicksSkipped,
            LatencySummary.From(end.TickTime),
            LatencySummary.From(end.TickLateness),
            end.Accepts,
            end.BodiesIn,
            end.BodiesOut,
            end.BytesIn,
            end.BytesOut,
            Math.Round(end.AllocatedBytes / (double)Math.Max(1, end.BodiesIn + end.BodiesOut), 2),
            Math.Round(end.Busy, 3),
            end.ClosedByReason.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value),
            end.HandlerFaults,
            end.ResponsesLost,
            lost() + end.HandlerFaults + end.ResponsesLost);
    }
}
