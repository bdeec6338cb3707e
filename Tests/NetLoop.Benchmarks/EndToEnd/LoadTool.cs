using System.Globalization;
using System.Text.Json;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>Runs the load generator: the one in C if it can be built, else <c>netloop load</c>.</summary>
/// <param name="loadGenerator">The program in C; null for <c>netloop load</c>.</param>
/// <param name="trusted">The certificate of servers with TLS, which <c>netloop load</c> trusts; null for plain servers.</param>
internal sealed class LoadTool(string? loadGenerator, string? trusted = null)
{
    /// <summary>Overhead of a Blob's frame in bytes, for 256 bytes and more.</summary>
    private const int BlobOverhead = 11;

    /// <summary>Its name.</summary>
    public string Name => loadGenerator is null ? "netloop load" : "loadgen.c";

    /// <summary>Loads a server.</summary>
    /// <exception cref="FailureException">The server did not respond correctly to everything.</exception>
    public async Task<LoadSample> RunAsync(
        LoadCase load, ServerProcess server, TimeSpan warmUp, TimeSpan duration, bool verify = false, int core = Machine.LoadCore)
    {
        (string program, List<string> arguments) = loadGenerator is null
            ? ("dotnet", OwnArguments(load, server, warmUp, duration))
            : (loadGenerator, CArguments(load, server, warmUp, duration));
        if (verify)
        {
            arguments.Add(loadGenerator is null ? "--verify" : "-v");
        }

        string output = await Machine.OutputOfAsync(Machine.Start(core, program, arguments)).ConfigureAwait(false)
            ?? throw new FailureException($"the load '{load.Name}' failed: {program} {string.Join(" ", arguments)}");
        using JsonDocument document = JsonDocument.Parse(output);
        return loadGenerator is null ? OwnSample(document.RootElement) : CSample(document.RootElement, load);
    }

    private static List<string> CArguments(LoadCase load, ServerProcess server, TimeSpan warmUp, TimeSpan duration) =>
    [
        "-b", "-p", $"{server.Port}", "-P", $"{server.Id}",
        "-c", $"{load.Connections}", "-w", $"{load.InFlight}", "-s", $"{load.FrameBytes}", "-r", $"{load.Rate}",
        "-u", warmUp.TotalSeconds.ToString(CultureInfo.InvariantCulture), "-d", duration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
    ];

    private List<string> OwnArguments(LoadCase load, ServerProcess server, TimeSpan warmUp, TimeSpan duration) =>
    [
        Machine.NetLoop, "load", "--json", "--connect", $"{(trusted is null ? "tcp" : "tls")}://127.0.0.1:{server.Port}", "--pid", $"{server.Id}",
        "--connections", $"{load.Connections}", "--in-flight", $"{load.InFlight}", "--rate", $"{load.Rate}",
        "--size", $"{(load.FrameBytes == LoadCase.MoveBytes ? 0 : load.FrameBytes - BlobOverhead)}",
        "--warm-up", $"{Math.Max(1, (int)warmUp.TotalMilliseconds)}ms", "--duration", $"{(int)duration.TotalMilliseconds}ms",
        .. trusted is null ? (string[])[] : ["--trust", trusted],
    ];

    private static LoadSample CSample(JsonElement summary, LoadCase load)
    {
        int closed = summary.GetProperty("closed").GetInt32();
        return closed > 0
            ? throw new FailureException($"the server closed {closed} connections under the load '{load.Name}'")
            : new LoadSample(
                Number(summary, "mps"), Number(summary, "srv_us"), Number(summary, "srv_cpu"), Number(summary, "p50"), Number(summary, "p99"),
                Number(summary, "p999"));
    }

    private static LoadSample OwnSample(JsonElement summary)
    {
        JsonElement roundTrip = summary.GetProperty("roundTrip");
        return new LoadSample(
            Number(summary, "messagesPerSecond"),
            Number(summary, "serverMicrosecondsPerMessage"),
            Number(summary, "serverCores"),
            Number(roundTrip, "p50Milliseconds") * 1_000,
            Number(roundTrip, "p99Milliseconds") * 1_000,
            Number(roundTrip, "p999Milliseconds") * 1_000);
    }

    private static double Number(JsonElement summary, string name) =>
        summary.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;
}
