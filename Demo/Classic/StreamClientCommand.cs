using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Classic;

/// <summary><c>netloop classic stream-client</c>: the second tutorial's client.</summary>
internal static class StreamClientCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<int> port = OptionFactory.RequiredInteger("--port", "The server's port on 127.0.0.1", min: 1, max: ushort.MaxValue);
        var send = new Option<string>("--send") { Description = "The text to send", HelpName = "TEXT", Required = true };
        var command = new NetLoopCommand(
            "stream-client",
            "The second tutorial's client: sends a text and closes",
            "netloop classic stream-client --port 65432 --send 'a text that is longer than one chunk' # arrives as two lines");
        command.Options.Add(port);
        command.Options.Add(send);
        var options = new RunOptions(command, ClassicClient.DurationHelp);
        command.SetAction(async (parsed, _) =>
        {
            using CommandRun run = options.Begin(parsed, ClassicClient.Patience);
            var client = new ClassicClient(run, NetEndpoint.Tcp("127.0.0.1", parsed.GetValue(port)));
            return await client.RunAsync(parsed.GetValue(send)!, wantsAnswer: false).ConfigureAwait(false);
        });
        return command;
    }
}
