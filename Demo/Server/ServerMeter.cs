using NetLoop.Demo.Display;

namespace NetLoop.Demo.Server;

/// <summary>Measures a server: once a second for the display, and at the end for the summary.</summary>
/// <param name="statistics">Returns the server's statistics.</param>
/// <param name="lost">Returns how many messages its modules have lost.</param>
/// <param name="time">The clock; null for the system's.</param>
/// <param name="skipped">Returns how many messages never arrived because newer ones replaced them; null if the modules have none of that kind.</param>
internal sealed class ServerMeter(Func<LoopStatistics> statistics, Func<long> lost, TimeProvider? time = null, Func<long>? skipped = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly long _began = (time ?? TimeProvider.System).GetTimestamp();
    private readonly RateCounter _ticks = new();
    private readonly RateCounter _messagesIn = new();
    private readonly RateCounter _messagesOut = new();
    private readonly RateCounter _bytesIn = new();
    private readonly RateCounter _bytesOut = new();
    private readonly RateCounter _allocated = new();
    private readonly BusyCounter _busy = new();
    private long _sampled = (time ?? TimeProvider.System).GetTimestamp();
    private (long Bytes, long Messages)? _warm;

    /// <summary>Time since the meter was created.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_began);

    /// <summary>Describes the time since the last sample.</summary>
    /// <param name="withLost">Whether to include what was lost; false if another part does so for both sides.</param>
    public StatusPart Sample(bool withLost = true)
    {
        LoopStatistics now = statistics();
        NoteWarmth(now);
        double seconds = Math.Max(0.001, _time.GetElapsedTime(_sampled).TotalSeconds);
        _sampled = _time.GetTimestamp();
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
                + $"busy {busy}{(withLost ? $"  lost {lost()}" : "")}",
            [
                new("ticks", $"{ticks} a second, {now.TicksSkipped} skipped"),
                new("tick time", tickTime.ToString()),
                new("tick lateness", lateness.ToString()),
                new("sessions", Format.Count(now.Sessions)),
                new("messages", $"{Format.Rate(messagesIn)} in, {Format.Rate(messagesOut)} out a second"),
                new(
                    "bytes",
                    $"{Format.Bytes(_bytesIn.Next(now.BytesIn, seconds))} in, {Format.Bytes(_bytesOut.Next(now.BytesOut, seconds))} out a second",
                    IsDetail: true),
                new("waiting", $"{Format.Count(now.InboxDepth)} messages for handlers, {Format.Bytes(now.SendQueueBytes)} for slow readers", IsDetail: true),
                new("allocated", allocated, IsDetail: true),
                new("busy", busy),
                .. withLost ? [new StatusRow("messages lost", Format.Count(lost()))] : Array.Empty<StatusRow>(),
                .. skipped is null ? Array.Empty<StatusRow>() : [new StatusRow("steering skipped", Format.Count(skipped()), IsDetail: true)],
            ]);
    }

    /// <summary>Describes the whole run.</summary>
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
            AllocatedPerMessage(end),
            Math.Round(end.Busy, 3),
            end.ClosedByReason.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value),
            end.HandlerFaults,
            end.ResponsesLost,
            lost() + end.HandlerFaults + end.ResponsesLost)
        {
            SteeringSkipped = skipped?.Invoke(),
        };
    }

    // The first messages compile their code and fill its caches. Allocations are counted after them, so that the average is that of a normal message.
    private void NoteWarmth(LoopStatistics now)
    {
        long messages = now.BodiesIn + now.BodiesOut;
        if (_warm is null && Elapsed >= WarmUp.Time && messages >= Format.FewMessages)
        {
            _warm = (now.AllocatedBytes, messages);
        }
    }

    private double? AllocatedPerMessage(LoopStatistics end) =>
        _warm is { } warm && end.BodiesIn + end.BodiesOut - warm.Messages is >= Format.FewMessages and var messages
            ? Math.Round((end.AllocatedBytes - warm.Bytes) / (double)messages, 2)
            : null;
}
