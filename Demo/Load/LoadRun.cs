using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Load;

/// <summary>Runs a load test until the end: connects, warms up, measures, summarizes.</summary>
internal static class LoadRun
{
    // Also a run that ended at once must have rates.
    private const double LeastSeconds = 0.001;

    /// <summary>Runs until the end.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(CommandRun run, LoadSettings settings)
    {
        SocketLimit.Require("--connections", settings.Connections);
        using var generator = new LoadGenerator(settings);
        var rate = new RateCounter();
        long began = TimeProvider.System.GetTimestamp();

        // On its own thread: the generator must not share one with the display.
        Task<LoadSummary> measuring = Task.Factory.StartNew(
            () => Measure(generator, settings, run.End), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await run.ShowAsync(
            () => new StatusPage(
                $"netloop load on {settings.Remote.ToUri()}",
                TimeProvider.System.GetElapsedTime(began),
                Sample(generator.Totals, rate)), measuring).ConfigureAwait(false);
        LoadSummary summary = await measuring.ConfigureAwait(false);
        run.Summarize(summary, SummaryJson.Default.LoadSummary, [.. summary.ToLines()]);
        if (generator.Refusal is { } refusal)
        {
            throw new FailureException(refusal);
        }

        return summary.IsClean ? ExitCode.Success : ExitCode.Failure;
    }

    private static LoadSummary Measure(LoadGenerator generator, LoadSettings settings, CancellationToken end)
    {
        generator.TryConnect(end);
        generator.Run(settings.WarmUp, end);
        LoadTotals totals = generator.Totals;
        long messagesBefore = totals.Messages;
        long heldBackBefore = totals.HeldBack;
        totals.RoundTrip.Reset();
        double? serverBefore = ServerSeconds(settings);
        TimeSpan ownBefore = Environment.CpuUsage.TotalTime;
        double seconds = Math.Max(LeastSeconds, generator.Run(settings.Duration, end));
        double ownCores = (Environment.CpuUsage.TotalTime - ownBefore).TotalSeconds / seconds;
        double? serverSeconds = ServerSeconds(settings) - serverBefore;
        long messages = totals.Messages - messagesBefore;
        return new LoadSummary(
            settings.Connections,
            settings.Rate > 0 ? 0 : settings.InFlight,
            settings.Rate,
            generator.FrameBytes,
            Math.Round(seconds, 3),
            messages,
            Math.Round(messages / seconds),
            LatencySummary.From(totals.RoundTrip),
            Math.Round(ownCores, 3),
            serverSeconds is { } server ? Math.Round(server / seconds, 3) : null,
            serverSeconds is { } cpu ? Math.Round(cpu * 1e6 / Math.Max(1, messages), 3) : null,
            totals.Lost,
            totals.Wrong,
            totals.HeldBack - heldBackBefore,
            totals.FirstFault);
    }

    private static double? ServerSeconds(LoadSettings settings) => settings.ServerProcess > 0 ? ProcessCpu.Seconds(settings.ServerProcess) : null;

    private static StatusPart Sample(LoadTotals totals, RateCounter rate)
    {
        string messages = Format.Rate(rate.Next(totals.Messages, 1));
        return new StatusPart(
            $"connections {Format.Count(totals.Connected)}  {messages} messages/s  lost {totals.Lost}  wrong {totals.Wrong}",
            [
                new("connections", Format.Count(totals.Connected)),
                new("messages", $"{messages} a second"),
                new("round trip", LatencySummary.From(totals.RoundTrip).ToString()),
                new("lost connections", Format.Count(totals.Lost)),
                new("wrong", Format.Count(totals.Wrong)),
            ]);
    }
}
