using Microsoft.Extensions.Logging;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Server;

namespace NetLoop.Demo.Classic;

/// <summary>The common part of both tutorials' servers: it handles raw bytes instead of messages, and prints a line for each event.</summary>
/// <param name="run">The output and the end of the run.</param>
/// <param name="endpoint">The endpoint to listen on.</param>
/// <param name="maxChunkBytes">Maximum number of bytes that are handled at once.</param>
/// <param name="greet">Returns the line to print for a new client.</param>
/// <param name="take">Handles a chunk, and returns the line to print for it.</param>
internal sealed class ClassicServer(
    CommandRun run,
    NetEndpoint endpoint,
    int maxChunkBytes,
    Func<NetEndpoint, string> greet,
    Func<Session, ReadOnlySpan<byte>, string> take)
{
    /// <summary>Serves until the run ends.</summary>
    /// <param name="announce">Returns the line to print once the server listens.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(Func<NetEndpoint, string> announce)
    {
        using ILoggerFactory logs = run.CreateLogs();
        await using NetServer server = NetServer.Create(options =>
        {
            options.Listen(endpoint, listener => listener.UseRawProtocol(
                () => new RawFramer(maxChunkBytes),
                (session, chunk) => run.Output.WriteLine(take(session, chunk))));
            options.TickRate = 0;
            options.LoggerFactory = logs;
        });
        server.OnOpened(session => run.Output.WriteLine(greet(session.Remote)));
        ServerFactory.Start(server);
        await run.Output.WriteLineAsync(announce(server.Endpoints[0])).ConfigureAwait(false);

        await run.WaitForEndAsync(server.Completion).ConfigureAwait(false);
        await ServerFactory.StopAsync(server, run.Abort).ConfigureAwait(false);
        LoopStatistics end = server.GetStatistics();
        run.Summarize(new ClassicSummary(end.Accepts, end.BytesIn, end.BytesOut, end.HandlerFaults), SummaryJson.Default.ClassicSummary);
        return end.HandlerFaults == 0 && !run.Abort.IsCancellationRequested ? ExitCode.Success : ExitCode.Failure;
    }
}
