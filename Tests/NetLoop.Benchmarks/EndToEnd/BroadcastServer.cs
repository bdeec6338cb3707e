using System.Text.Json;
using NetLoop.Demo.Load;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>Sends one snapshot to all sessions each tick with the engine, and measures the cost.</summary>
internal static class BroadcastServer
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>Waits for all sessions, warms up, measures, prints one line of JSON and ends.</summary>
    public static async Task RunAsync(int sessions, int tickRate, TimeSpan duration)
    {
        var everybody = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using NetServer server = NetServer.Create(options =>
        {
            options.ListenTcp("127.0.0.1", 0, listener => listener.Hello = HelloMode.None);
            options.MaxConnections = sessions + 1;
            options.TickRate = tickRate;
        });
        Snapshot snapshot = Snapshot.Create();
        server.OnTick(_ =>
        {
            if (server.Everyone.Count >= sessions)
            {
                everybody.TrySetResult();
                server.Broadcast(snapshot);
            }
        });
        server.Start();
        await Console.Out.WriteLineAsync($"listening on tcp {server.Endpoints[0]}").ConfigureAwait(false);
        await everybody.Task.ConfigureAwait(false);
        await Task.Delay(WarmUp).ConfigureAwait(false);

        LoopStatistics before = server.GetStatistics();
        double cpuBefore = ProcessCpu.Seconds(Environment.ProcessId) ?? 0;
        await Task.Delay(duration).ConfigureAwait(false);
        LoopStatistics after = server.GetStatistics();
        double cpu = (ProcessCpu.Seconds(Environment.ProcessId) ?? 0) - cpuBefore;
        double sent = after.BodiesOut - before.BodiesOut;
        TimeSpan sending = Sending(after) - Sending(before);
        var result = new BroadcastResult(
            ServerKind.NetLoop,
            sessions,
            (after.Ticks - before.Ticks) / duration.TotalSeconds,
            sent / sending.TotalMilliseconds,
            cpu * 1e6 / sent,
            after.AllocatedBytes - before.AllocatedBytes);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, ReportJson.Default.BroadcastResult).ReplaceLineEndings(" ")).ConfigureAwait(false);
    }

    private static TimeSpan Sending(LoopStatistics statistics) => statistics.PhaseTimes[LoopPhase.Tick] + statistics.PhaseTimes[LoopPhase.Flush];
}
