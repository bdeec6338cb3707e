using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Classic;

/// <summary><c>netloop classic client</c>: the first tutorial's client.</summary>
internal static class ClassicClientCommand
{
    private const string DefaultHost = "127.0.0.1";

    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<NetEndpoint?> host = Addresses.Host("The server's address", DefaultHost);
        Option<int> port = OptionFactory.Integer("--port", "The server's port", ClassicServerCommand.DefaultPort, min: 1, max: ushort.MaxValue);
        var send = new Option<string>("--send") { Description = "The text to send", HelpName = "TEXT", DefaultValueFactory = _ => "SYN" };
        var command = new NetLoopCommand(
            "client",
            "The first tutorial's client: sends a text and prints the answer",
            "netloop classic client                             # sends SYN to 127.0.0.1:27700",
            "netloop classic client --port 5000 --send 'hello'  # another port, another text");
        command.Options.Add(host);
        command.Options.Add(port);
        command.Options.Add(send);
        var options = new RunOptions(command, ClassicClient.DurationHelp);
        command.SetAction(async (parsed, _) =>
        {
            using CommandRun run = options.Begin(parsed, ClassicClient.Patience);
            var client = new ClassicClient(run, parsed.At(host, DefaultHost, port));
            return await client.RunAsync(parsed.GetValue(send)!, wantsAnswer: true).ConfigureAwait(false);
        });
        return command;
    }
}
