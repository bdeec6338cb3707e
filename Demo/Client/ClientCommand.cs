using System.CommandLine;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Tokens;

namespace NetLoop.Demo.Client;

/// <summary><c>netloop client</c>: a chat client for a person.</summary>
internal static class ClientCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<NetEndpoint?> connect = Addresses.Connect();
        var token = new Option<string?>("--connect-token")
        {
            Description = "With udp://: the connect token in this file, instead of one from the server; see 'netloop token'",
            HelpName = "FILE",
        };
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
        command.Options.Add(token);
        command.Options.Add(name);
        var options = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            NetEndpoint remote = parsed.GetValue(connect)!.Value;
            string? tokenFile = parsed.GetValue(token);
            if (tokenFile is not null && remote.Transport != TransportKind.Udp)
            {
                throw new MistakeException("--connect-token is for udp://; write --connect udp://HOST:PORT");
            }

            ConnectToken? pass = tokenFile is null ? null : TokenFiles.ReadToken("--connect-token", tokenFile);
            using CommandRun run = options.Begin(parsed);
            using var chat = new Chat(run, remote, trust.Read(parsed), pass, parsed.GetValue(name));
            return await chat.RunAsync().ConfigureAwait(false);
        });
        return command;
    }
}
