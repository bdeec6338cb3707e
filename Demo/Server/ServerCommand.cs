using System.CommandLine;
using NetLoop.Demo.Arena;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Server;

/// <summary><c>netloop server</c>: the arena for bots and people from other processes.</summary>
internal static class ServerCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        Option<int> tickRate = ServerOptions.TickRate();
        var command = new NetLoopCommand(
            "server",
            "Serve the Arena game and the messages of 'netloop echo' to bots and people in other processes",
            "netloop server                                            # on 127.0.0.1:7777, until Ctrl+C",
            "netloop server --tcp 0.0.0.0:7777 --unix /tmp/netloop.sock # on two listeners",
            "netloop server --ws 127.0.0.1:7780                         # for browsers and other WebSocket clients",
            "netloop server --tcp 127.0.0.1:0 --duration 10s --json     # any free port, ten seconds, summary as JSON",
            "netloop server --poller poll --handlers dedicated          # another system call, and a thread for the game");
        var server = new ServerOptions(command);
        command.Options.Add(tickRate);
        var options = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            ServerSettings settings = server.Read(parsed) with { TickRate = parsed.GetValue(tickRate) };
            var arena = new ArenaModule(settings.TickRate, seed: Environment.TickCount);
            using CommandRun run = options.Begin(parsed);
            return await ServerRun.RunAsync(
                run,
                settings,
                "netloop server",
                game =>
                {
                    game.Use(new EchoModule(game)).Use(arena).OnTick(_ => arena.Step());
                    return () => arena.Misordered;
                },
                () => arena.Skipped).ConfigureAwait(false);
        });
        return command;
    }
}
