using System.CommandLine;
using System.Text.Json;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary><c>handshakes</c>: TLS handshakes a second, compared with Kestrel.</summary>
internal static class HandshakesCommand
{
    private const int WarmUpMilliseconds = 500;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = OptionFactory.Integer("--rounds", "How often each server is measured; fewer than 8 prove nothing", 8, min: 1, max: 1_000);
        Option<int> milliseconds = OptionFactory.Integer("--milliseconds", "How long each is measured", 1_500, min: 100, max: 60_000);
        Option<int> clients = OptionFactory.Integer("--clients", "How many clients connect at the same time", 16, min: 1, max: 1_000);
        Option<int> seed = OptionFactory.Integer("--seed", "Of the order in which servers are measured", 1, min: 0, max: int.MaxValue);
        var command = new Command("handshakes", "Measure full TLS handshakes a second, against Kestrel with the same certificate")
        {
            rounds, milliseconds, clients, seed,
        };
        var report = new ReportOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            string folder = Directory.CreateTempSubdirectory("netloop-").FullName;
            try
            {
                ServerKind[] kinds = [.. ServerKind.WithTls(DevelopmentCertificate.Write(folder))];
                IReadOnlyList<HandshakeResult> results = await MeasureAsync(
                    kinds, parsed.GetValue(rounds), parsed.GetValue(milliseconds), parsed.GetValue(clients), parsed.GetValue(seed)).ConfigureAwait(false);
                await report.WriteAsync(
                    parsed,
                    results,
                    ReportJson.Default.IReadOnlyListHandshakeResult,
                    $"{Machine.Describe()}\n\n{HandshakeResult.ToMarkdown(results)}").ConfigureAwait(false);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<IReadOnlyList<HandshakeResult>> MeasureAsync(ServerKind[] kinds, int rounds, int milliseconds, int clients, int seed)
    {
        var random = new Random(seed);
        var samples = kinds.ToDictionary(kind => kind.Name, _ => new List<HandshakeSample>(), StringComparer.Ordinal);
        var servers = new Dictionary<string, ServerProcess>(StringComparer.Ordinal);
        try
        {
            foreach (ServerKind kind in kinds)
            {
                servers.Add(kind.Name, await ServerProcess.StartAsync(kind, Machine.ServerCore).ConfigureAwait(false));
                _ = await LoadAsync(servers[kind.Name], clients, milliseconds).ConfigureAwait(false); // Compiles the server's code.
            }

            string[] order = [.. servers.Keys];
            for (int round = 0; round < rounds; round++)
            {
                random.Shuffle(order);
                foreach (string name in order)
                {
                    samples[name].Add(await LoadAsync(servers[name], clients, milliseconds).ConfigureAwait(false));
                }
            }
        }
        finally
        {
            foreach (ServerProcess server in servers.Values)
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }
        }

        return [.. kinds.Select(kind => HandshakeResult.From(kind.Name, samples[kind.Name], samples[ServerKind.KestrelTls]))];
    }

    private static async Task<HandshakeSample> LoadAsync(ServerProcess server, int clients, int milliseconds)
    {
        ServerKind load = ServerKind.Own(
            ServeCommand.Handshakes,
            "--port", $"{server.Port}", "--pid", $"{server.Id}", "--clients", $"{clients}", "--warm-up", $"{WarmUpMilliseconds}",
            "--milliseconds", $"{milliseconds}");
        string output = await Machine.OutputOfAsync(Machine.Start(Machine.LoadCore, load.Program, load.Arguments)).ConfigureAwait(false)
            ?? throw new FailureException("the load failed: a server closed a connection or a handshake failed");
        return JsonSerializer.Deserialize(output, ReportJson.Lines.HandshakeSample)!;
    }
}
