using System.Text.Json;
using NetLoop.Demo.Load;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>Measures how late the engine's ticks are: idle, and while it echoes at half of its capacity.</summary>
/// <remarks>The server is not pinned: on one core, other threads of its process would delay its loop, unlike on real machines.</remarks>
internal static class TickMeasurement
{
    /// <summary>Default duration of each measurement.</summary>
    public static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(12);

    // The server itself excludes the first seconds, in which code is compiled.
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private static readonly LoadCase FullLoad = new(100, 1, LoadCase.MoveBytes);

    /// <summary>Measures precise and saving ticks, idle and loaded.</summary>
    public static async Task<IReadOnlyList<TickResult>> RunAsync(LoadTool tool, TimeSpan time)
    {
        int half = await HalfOfCapacityAsync(tool).ConfigureAwait(false);
        List<TickResult> results = [];
        foreach (string precision in (string[])["always", "saving"])
        {
            results.Add(await MeasureAsync(tool, precision, 0, time).ConfigureAwait(false));
            results.Add(await MeasureAsync(tool, precision, half, time).ConfigureAwait(false));
        }

        return results;
    }

    private static async Task<int> HalfOfCapacityAsync(LoadTool tool)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(ServerKind.NetLoopWith(), core: null).ConfigureAwait(false);
        LoadSample sample = await tool.RunAsync(FullLoad, server, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        return (int)(sample.MessagesPerSecond / 2);
    }

    private static async Task<TickResult> MeasureAsync(LoadTool tool, string precision, int rate, TimeSpan time)
    {
        TimeSpan duration = StartUp + time + Margin;
        ServerKind kind = ServerKind.NetLoopWith("--tick-precision", precision, "--json", "--duration", $"{(int)duration.TotalMilliseconds}ms");
        await using ServerProcess server = await ServerProcess.StartAsync(kind, core: null).ConfigureAwait(false);
        double cores;
        if (rate > 0)
        {
            LoadSample sample = await tool.RunAsync(FullLoad with { Rate = rate }, server, StartUp - Margin, time).ConfigureAwait(false);
            cores = sample.ServerCores;
        }
        else
        {
            await Task.Delay(StartUp).ConfigureAwait(false);
            double? before = ProcessCpu.Seconds(server.Id);
            await Task.Delay(time).ConfigureAwait(false);
            cores = (ProcessCpu.Seconds(server.Id) - before) / time.TotalSeconds ?? double.NaN;
        }

        using JsonDocument document = JsonDocument.Parse(await server.ReadSummaryAsync().ConfigureAwait(false));
        JsonElement lateness = document.RootElement.GetProperty("tickLateness");
        double Microseconds(string name) => lateness.GetProperty(name).GetDouble() * 1_000;
        return new TickResult(
            precision, rate, lateness.GetProperty("count").GetInt64(), Microseconds("p50Milliseconds"), Microseconds("p99Milliseconds"),
            Microseconds("p999Milliseconds"), cores);
    }
}
