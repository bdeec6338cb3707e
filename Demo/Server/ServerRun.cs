using Microsoft.Extensions.Logging;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;
using NetLoop.Demo.Profile;

namespace NetLoop.Demo.Server;

/// <summary>Runs a server until its end: announce, show, drain, summarize.</summary>
internal static class ServerRun
{
    /// <summary>Runs to the end.</summary>
    /// <param name="run">Where words go and when to end.</param>
    /// <param name="settings">What the command line says.</param>
    /// <param name="title">Heading of the live table.</param>
    /// <param name="addModules">Adds handlers to the server, and returns how to count the messages they know to be lost.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(CommandRun run, ServerSettings settings, string title, Func<NetServer, Func<long>> addModules)
    {
        using ILoggerFactory logs = run.CreateLogs();
        CallCounts? calls = settings.Profile ? new CallCounts() : null;
        await using NetServer server = ServerFactory.Create(settings, logs, calls);
        Func<long> lost = addModules(server);
        WarmUp.LeaveOut(server, settings);
        ServerFactory.Start(server);
        var meter = new ServerMeter(server.GetStatistics, lost);
        ServerFactory.Announce(server, run.Output);
        await run.ShowAsync(() => new StatusPage(title, meter.Elapsed, meter.Sample()), server.Completion).ConfigureAwait(false);
        await ServerFactory.StopAsync(server, run.Abort).ConfigureAwait(false);
        ServerSummary summary = meter.Summarize() with { Profile = calls is null ? null : ProfileSummary.From(server.GetStatistics(), calls) };
        run.Summarize(summary, SummaryJson.Default.ServerSummary, summary.ToLines());
        return summary.Lost == 0 && !run.Abort.IsCancellationRequested ? ExitCode.Success : ExitCode.Failure;
    }
}
