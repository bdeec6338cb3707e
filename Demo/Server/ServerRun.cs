using Microsoft.Extensions.Logging;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;
using NetLoop.Demo.Profile;

namespace NetLoop.Demo.Server;

/// <summary>Runs a server until its end: announces its addresses, displays its status, drains, summarizes.</summary>
internal static class ServerRun
{
    /// <summary>Runs until the end.</summary>
    /// <param name="run">The output and the end of the run.</param>
    /// <param name="settings">The settings from the command line.</param>
    /// <param name="title">Heading of the live table.</param>
    /// <param name="addModules">Adds handlers to the server, and returns a function that counts the messages that they lost.</param>
    /// <param name="skipped">Counts the messages that never arrived because newer ones replaced them; null if there are none of that kind.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        CommandRun run, ServerSettings settings, string title, Func<NetServer, Func<long>> addModules, Func<long>? skipped = null)
    {
        using ILoggerFactory logs = run.CreateLogs();
        CallCounts? calls = settings.Profile ? new CallCounts() : null;
        await using NetServer server = ServerFactory.Create(settings, logs, calls);
        Func<long> lost = addModules(server);
        WarmUp.LeaveOut(server, settings);
        ServerFactory.Start(server);
        var meter = new ServerMeter(server.GetStatistics, lost, skipped: skipped);
        ServerFactory.Announce(server, run.Output);
        await run.ShowAsync(() => new StatusPage(title, meter.Elapsed, meter.Sample()), server.Completion).ConfigureAwait(false);
        await ServerFactory.StopAsync(server, run.Abort).ConfigureAwait(false);
        ServerSummary summary = meter.Summarize() with { Profile = calls is null ? null : ProfileSummary.From(server.GetStatistics(), calls) };
        run.Summarize(summary, SummaryJson.Default.ServerSummary, summary.ToLines());
        return summary.Lost == 0 && !run.Abort.IsCancellationRequested ? ExitCode.Success : ExitCode.Failure;
    }
}
