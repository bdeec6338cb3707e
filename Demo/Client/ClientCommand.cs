using System.CommandLine;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Client;

/// <summary><c>netloop client</c>: a chat client for a person.</summary>
internal static class ClientCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<NetEndpoint?> connect = Addresses.Connect();
        var name = new Option<string?>("--name") { Description = "Your name, shown in front of your messages", HelpName = "NAME" };
        var command = new NetLoopCommand(
            "client",
            "Chat with everybody on a 'netloop server' or 'netloop echo': each line that you type is sent to everybody, until Ctrl+D or Ctrl+C. "
                + $"Emotes are {RichText.EmoteNames}; @name speaks to somebody",
            "netloop client --connect tcp://127.0.0.1:7777 --name Ana              # type, and hear the others",
            "netloop client --connect unix:///tmp/netloop.sock                     # over a local socket",
            "netloop client --connect tls://localhost:7779 --trust certificates/netloop.pem   # encrypted; see 'netloop certificate'",
            "echo hello | netloop client --connect tcp://127.0.0.1:7777            # say one thing; exit code 0 if the server sent it back",
            "netloop client --connect tcp://127.0.0.1:7777 --duration 1m --json    # listen for a minute, summary as JSON");
        command.Options.Add(connect);
        var trust = new TrustOption(command);
        command.Options.Add(name);
        var options = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            using CommandRun run = options.Begin(parsed);
            using var chat = new Chat(run, parsed.GetValue(connect)!.Value, trust.Read(parsed), parsed.GetValue(name));
            return await chat.RunAsync().ConfigureAwait(false);
        });
        return command;
    }
}
