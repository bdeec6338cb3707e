using System.CommandLine;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Server;

namespace NetLoop.Demo.Echo;

/// <summary><c>netloop echo</c>: the smallest server, for measurements and for clients in other languages.</summary>
internal static class EchoCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<HelloMode> hello = OptionFactory.Word(
            "--hello",
            "Whether a client opens a session with Hello; with none, the server sends nothing on its own [default: required]",
            ("required", HelloMode.Required),
            ("none", HelloMode.None));
        Option<int> tickRate = ServerOptions.TickRate();
        Option<bool> profile = new("--profile")
        {
            Description = "At the end, print the time of each phase of the loop and the number of system calls for each message",
        };
        var command = new NetLoopCommand(
            "echo",
            "Send messages back unchanged: PlayerMove (100), Divide (101, a request), Say (102, to everybody) and Blob (103)",
            "netloop echo --tcp 127.0.0.1:7777                    # then: python3 Demo/clients/python/netloop_client.py tcp://127.0.0.1:7777 --divide 7 2",
            "netloop echo --unix /tmp/echo.sock --hello none      # a local socket, no handshake: for load generators",
            "netloop echo --hello none --profile                  # where the time goes, while 'netloop load' runs on another terminal",
            "netloop echo --tcp 127.0.0.1:0 --duration 1m --json  # any free port, a minute, summary as JSON");
        Option<int> loops = OptionFactory.Integer("--loops", "Threads that share the connections; more than one needs Linux", 1, min: 1, max: 64);
        var server = new ServerOptions(command);
        command.Options.Add(hello);
        command.Options.Add(loops);
        command.Options.Add(tickRate);
        command.Options.Add(profile);
        var options = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            ServerSettings settings = server.Read(parsed) with
            {
                Hello = parsed.GetValue(hello),
                TickRate = parsed.GetValue(tickRate),
                Profile = parsed.GetValue(profile),
                Loops = parsed.GetValue(loops),
            };
            using CommandRun run = options.Begin(parsed);
            return await ServerRun.RunAsync(run, settings, "netloop echo", game =>
            {
                game.Use(new EchoModule(game));
                return () => 0;
            }).ConfigureAwait(false);
        });
        return command;
    }
}
