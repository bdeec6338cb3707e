using System.CommandLine;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Classic;

/// <summary><c>netloop classic server</c>: the first tutorial's server, which sends each client one response.</summary>
internal static class ClassicServerCommand
{
    private const string DefaultHost = "0.0.0.0";

    /// <summary>The port of the tutorial.</summary>
    public const int DefaultPort = 27_700;

    // The size of the tutorial's receive buffer.
    private const int MaxChunkBytes = 1_024;

    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<NetEndpoint?> host = Addresses.Host("Where to listen", DefaultHost);
        Option<int> port = OptionFactory.Integer("--port", "The port; 0 lets the system choose", DefaultPort, min: 0, max: ushort.MaxValue);
        var command = new NetLoopCommand(
            "server",
            "The first tutorial's server: prints what a client sends, answers ACK! and closes",
            "netloop classic server                                # on 0.0.0.0:27700, until Ctrl+C",
            "netloop classic server --host 127.0.0.1 --port 0      # this machine only, any free port",
            "netloop classic server --duration 1m --json           # for a minute, summary as JSON");
        command.Options.Add(host);
        command.Options.Add(port);
        var options = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            using CommandRun run = options.Begin(parsed);
            NetEndpoint endpoint = parsed.At(host, DefaultHost, port);
            var server = new ClassicServer(run, endpoint, MaxChunkBytes, Greet, Answer);
            return await server.RunAsync(bound => $"[*] Listening on {bound}").ConfigureAwait(false);
        });
        return command;
    }

    private static string Greet(NetEndpoint client) => $"[*] Accepted connection from: {client}";

    private static string Answer(Session session, ReadOnlySpan<byte> text)
    {
        session.SendRaw("ACK!"u8);
        session.Close();
        return $"[*] Received: {PrintableText.From(text)}";
    }
}
