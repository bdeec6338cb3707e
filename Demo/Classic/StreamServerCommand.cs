using System.CommandLine;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Classic;

/// <summary><c>netloop classic stream-server</c>: the second tutorial's server, for many clients at once.</summary>
internal static class StreamServerCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<int> port = OptionFactory.RequiredInteger("--port", "The port on 127.0.0.1", min: 1, max: ushort.MaxValue);
        Option<int> chunk = OptionFactory.Integer("--chunk", "Maximum number of bytes printed on one line", 32, min: 1, max: 65_536);
        var command = new NetLoopCommand(
            "stream-server",
            "The second tutorial's server: prints what clients send, in chunks, until they close",
            "netloop classic stream-server --port 65432                # until Ctrl+C",
            "netloop classic stream-server --port 65432 --chunk 8      # shorter lines",
            "netloop classic stream-server --port 65432 --duration 10s # for ten seconds");
        command.Options.Add(port);
        command.Options.Add(chunk);
        var options = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            using CommandRun run = options.Begin(parsed);
            var endpoint = NetEndpoint.Tcp("127.0.0.1", parsed.GetValue(port));
            var server = new ClassicServer(run, endpoint, parsed.GetValue(chunk), Greet, Print);
            return await server.RunAsync(_ => "Waiting for connection").ConfigureAwait(false);
        });
        return command;
    }

    // Writes the address as Python does.
    private static string Greet(NetEndpoint client)
    {
        string text = client.ToString();
        return $"Connected to client IP: ('{text[..text.LastIndexOf(':')]}', {client.Port})";
    }

    private static string Print(Session session, ReadOnlySpan<byte> chunk) => $"Received data: {PrintableText.From(chunk)}";
}
