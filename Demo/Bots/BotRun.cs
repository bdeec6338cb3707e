using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Bots;

/// <summary>Runs bots against a server until the end: connects, displays, drains, summarizes.</summary>
internal static class BotRun
{
    /// <summary>Runs until the end.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(CommandRun run, BotSettings settings)
    {
        SocketLimit.Require("--count", settings.Count);
        await using var fleet = new BotFleet(settings);
        var meter = new BotMeter(fleet);
        try
        {
            await fleet.ConnectAsync(settings.Remote, run.End).ConfigureAwait(false);
        }
        catch (FailureException)
        {
            Summarize(run, meter);
            throw;
        }

        await run.Output.WriteLineAsync($"connected to {settings.Remote.ToUri()}").ConfigureAwait(false);
        meter = new BotMeter(fleet);
        await run.ShowAsync(
            () => new StatusPage($"netloop bots on {settings.Remote.ToUri()}", meter.Elapsed, meter.Sample()), fleet.AllGone).ConfigureAwait(false);
        await fleet.DrainAsync(run.Abort).ConfigureAwait(false);
        return Summarize(run, meter).IsClean && !run.Abort.IsCancellationRequested ? ExitCode.Success : ExitCode.Failure;
    }

    private static BotsSummary Summarize(CommandRun run, BotMeter meter)
    {
        BotsSummary summary = meter.Summarize();
        run.Summarize(summary, SummaryJson.Default.BotsSummary, [.. summary.ToLines()]);
        return summary;
    }
}
