using System.Diagnostics;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>Measures servers against each other: all stay, and in each round each is measured once, in a new order.</summary>
/// <remarks>Figures of different rounds must not be compared: a ratio is of one round, and what is reported is the median of the ratios.</remarks>
internal sealed class Comparison(ComparisonSettings settings, LoadTool tool) : IAsyncDisposable
{
    private static readonly TimeSpan CompileTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdleGap = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ClosingTime = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, ServerProcess> _servers = new(StringComparer.Ordinal);
    private readonly Random _order = new(settings.Seed);

    /// <summary>What ratios are to: Kestrel with TLS, else the former build if there is one, else C where it runs, else SocketAsyncEventArgs.</summary>
    public string Reference { get; } = ((string[])[ServerKind.KestrelTls, ServerKind.Former, ServerKind.C])
        .FirstOrDefault(name => settings.Servers.Any(server => server.Name == name)) ?? ServerKind.Saea;

    /// <summary>Measures everything.</summary>
    public async Task<IReadOnlyList<CaseResult>> RunAsync()
    {
        foreach (ServerKind kind in settings.Servers.Where(kind => kind.IsResident))
        {
            _servers.Add(kind.Name, await ServerProcess.StartAsync(kind, Machine.ServerCore).ConfigureAwait(false));
            await WarmUpAsync(kind).ConfigureAwait(false);
        }

        var results = new List<CaseResult>();
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < settings.Cases.Count; i++)
        {
            results.AddRange(await MeasureAsync(settings.Cases[i]).ConfigureAwait(false));
            await Console.Error.WriteLineAsync(
                $"{i + 1} of {settings.Cases.Count} cells after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: "
                    + $"{settings.Cases[i].Name}").ConfigureAwait(false);
        }

        return results;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ServerProcess server in _servers.Values)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A loop that fills its core starves the compiler, which then needs seconds: so load comes in pieces, with time to compile between
    /// them.
    /// </summary>
    private async Task WarmUpAsync(ServerKind kind)
    {
        foreach (int size in settings.Cases.Select(load => load.FrameBytes).Distinct())
        {
            foreach (int inFlight in (int[])[1, 16])
            {
                // The first look is also the proof that every byte comes back.
                await tool.RunAsync(
                    new LoadCase(100, inFlight, size),
                    _servers[kind.Name],
                    TimeSpan.Zero,
                    kind.IsManaged ? CompileTime : IdleGap,
                    verify: true).ConfigureAwait(false);
                await Task.Delay(IdleGap).ConfigureAwait(false);
            }
        }
    }

    private async Task<IEnumerable<CaseResult>> MeasureAsync(LoadCase load)
    {
        ServerKind[] servers = [.. settings.Servers.Where(kind => load.Includes(kind.Name))];
        var samples = servers.ToDictionary(kind => kind.Name, _ => new List<LoadSample>(), StringComparer.Ordinal);
        for (int round = 0; round < settings.Rounds; round++)
        {
            _order.Shuffle(servers);
            foreach (ServerKind kind in servers)
            {
                samples[kind.Name].Add(await MeasureOneAsync(kind, load).ConfigureAwait(false));
            }
        }

        IReadOnlyList<LoadSample>? reference = samples.GetValueOrDefault(Reference);
        return settings.Servers.Where(kind => samples.ContainsKey(kind.Name)).Select(kind => CaseResult.From(load, kind.Name, samples[kind.Name], reference));
    }

    private async Task<LoadSample> MeasureOneAsync(ServerKind kind, LoadCase load)
    {
        // In the open loop the figure is a latency, and that takes a longer look.
        TimeSpan duration = load.Rate > 0 ? settings.Duration * 3 : settings.Duration;
        if (kind.IsResident)
        {
            LoadSample sample = await tool.RunAsync(load, _servers[kind.Name], settings.WarmUp, duration).ConfigureAwait(false);
            await Task.Delay(load.Connections >= 1_000 ? 2 * ClosingTime : ClosingTime).ConfigureAwait(false);
            return sample;
        }

        await using ServerProcess server = await ServerProcess.StartAsync(kind, Machine.ServerCore).ConfigureAwait(false);
        return await tool.RunAsync(load, server, settings.WarmUp, duration).ConfigureAwait(false);
    }
}
