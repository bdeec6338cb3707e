using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Relay;

/// <summary>Runs a relay until the end: announces its address, displays its counters, summarizes.</summary>
internal static class RelayRun
{
    /// <summary>Runs until the end.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        CommandRun run, NetEndpoint listen, NetEndpoint server, NetworkConditions toServer, NetworkConditions toClient, int seed)
    {
        long began = TimeProvider.System.GetTimestamp();
        LossyRelay relay = await LossyRelay.StartAsync(listen, server, toServer, toClient, seed).ConfigureAwait(false);
        await using (relay.ConfigureAwait(false))
        {
            await run.Output.WriteLineAsync($"relaying udp {relay.Endpoint} to {server}").ConfigureAwait(false);
            await run.Output.WriteLineAsync(
                $"clients use it if the server names it: netloop server --udp {server} --udp-public {relay.Endpoint}").ConfigureAwait(false);
            await run.ShowAsync(
                () => new StatusPage("netloop relay", TimeProvider.System.GetElapsedTime(began), Sample(relay)),
                Task.Delay(Timeout.Infinite, run.End)).ConfigureAwait(false);
        }

        var summary = RelaySummary.Of(relay, TimeProvider.System.GetElapsedTime(began));
        run.Summarize(summary, SummaryJson.Default.RelaySummary, [.. summary.ToLines()]);
        return summary.Failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static StatusPart Sample(LossyRelay relay)
    {
        RelayCounters up = relay.ToServerCounters;
        RelayCounters down = relay.ToClientCounters;
        return new StatusPart(
            $"clients {relay.Clients}  to server {Format.Count(up.Forwarded)} of {Format.Count(up.Received)}  to clients {Format.Count(down.Forwarded)} of "
                + $"{Format.Count(down.Received)}  lost {Format.Count(up.Lost + down.Lost)}  twice {Format.Count(up.Duplicated + down.Duplicated)}",
            [
                new("clients", Format.Count(relay.Clients)),
                new("to the server", $"{Format.Count(up.Forwarded)} of {Format.Count(up.Received)}"),
                new("to clients", $"{Format.Count(down.Forwarded)} of {Format.Count(down.Received)}"),
                new("lost", $"{Format.Count(up.Lost)} and {Format.Count(down.Lost)}"),
                new("twice", $"{Format.Count(up.Duplicated)} and {Format.Count(down.Duplicated)}"),
                new("queue was full", $"{Format.Count(up.Overflowed)} and {Format.Count(down.Overflowed)}", IsDetail: true),
                new("under way", Format.Bytes(relay.HeldBytes), IsDetail: true),
            ]);
    }
}
