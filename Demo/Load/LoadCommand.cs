using System.CommandLine;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Load;

/// <summary><c>netloop load</c>: measures how many messages an echo server can handle, and how fast it responds.</summary>
internal static class LoadCommand
{
    /// <summary>Maximum number of connections of one process, which needs a descriptor for each.</summary>
    private const int MaxConnections = 60_000;

    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultWarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<NetEndpoint?> connect = Addresses.Connect();
        Option<int> connections = OptionFactory.Integer("--connections", "Number of connections", 100, min: 1, MaxConnections);
        Option<int> inFlight = OptionFactory.Integer(
            "--in-flight", "Messages in flight on each connection; when one comes back, the next is sent", 1, min: 1, max: 1_024);
        Option<int> rate = OptionFactory.Integer(
            "--rate",
            "Messages a second over all connections, sent at this rate whether or not earlier ones came back; 0 uses --in-flight",
            0,
            min: 0,
            max: 10_000_000);
        Option<int> size = OptionFactory.Integer(
            "--size", "Send Blobs of this many bytes; 0 sends PlayerMoves", 0, min: 0, LoadStream.MaxBlobBytes);
        Option<bool> verify = new("--verify") { Description = "Compare every byte that comes back with the bytes sent" };
        Option<int> process = OptionFactory.Integer(
            "--pid", "The server's process id, to measure its processor time too (Linux only); 0 for none", 0, min: 0, int.MaxValue);
        Option<TimeSpan?> warmUp = OptionFactory.Duration("--warm-up", "How long to send before measuring [default: 1s]");
        var command = new NetLoopCommand(
            "load",
            "Load a server that sends everything back without a Hello, such as 'netloop echo --hello none', and measure its round trips",
            "netloop load --connect tcp://127.0.0.1:7777                                       # 100 connections, each with one message in flight",
            "netloop load --connect tcp://127.0.0.1:7777 --connections 1000 --in-flight 16     # batches",
            "netloop load --connect tcp://127.0.0.1:7777 --connections 8000 --rate 60000       # a game's load: at a fixed rate, whatever the server's speed",
            "netloop load --connect unix:///tmp/echo.sock --size 1024 --verify --json          # larger messages, every byte compared, summary as JSON");
        var trust = new TrustOption(command);
        foreach (Option option in (Option[])[connect, connections, inFlight, rate, size, verify, process, warmUp])
        {
            command.Options.Add(option);
        }

        var options = new RunOptions(command, "How long to measure [default: 5s]");
        command.SetAction(async (parsed, _) =>
        {
            var settings = new LoadSettings(
                ReadStream(parsed.GetValue(connect)!.Value),
                parsed.GetValue(connections),
                parsed.GetValue(inFlight),
                parsed.GetValue(rate),
                BlobBytes(parsed.GetValue(size)),
                parsed.GetValue(warmUp) ?? DefaultWarmUp,
                options.Duration(parsed) ?? DefaultDuration,
                parsed.GetValue(verify),
                parsed.GetValue(process))
            {
                Trusted = trust.Read(parsed),
            };
            using var run = new CommandRun(options.Json(parsed), duration: null);
            return await LoadRun.RunAsync(run, settings).ConfigureAwait(false);
        });
        return command;
    }

    private static NetEndpoint ReadStream(NetEndpoint endpoint) => endpoint.Transport != TransportKind.Udp
        ? endpoint
        : throw new MistakeException("'netloop load' speaks streams only; for UDP, use 'netloop bots --connect udp://HOST:PORT'");

    private static int BlobBytes(int size) => size is 0 or >= LoadStream.MinBlobBytes
        ? size
        : throw new MistakeException($"--size '{size}' is neither 0 nor from {LoadStream.MinBlobBytes} to {LoadStream.MaxBlobBytes}");
}
