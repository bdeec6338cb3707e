using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Classic;

/// <summary><c>netloop classic</c>: the two well-known socket tutorials, on one loop instead of a thread for each client.</summary>
internal static class ClassicCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        var command = new NetLoopCommand(
            "classic",
            "The two classic socket tutorials, on one loop instead of a thread for each client",
            "netloop classic server --port 27700                        # first tutorial: answers ACK! and closes",
            "netloop classic client --port 27700 --send SYN             # its client",
            "netloop classic stream-server --port 65432 --chunk 32      # second tutorial: prints what it gets",
            "netloop classic stream-client --port 65432 --send 'a text' # its client");
        command.Subcommands.Add(ClassicServerCommand.Create());
        command.Subcommands.Add(ClassicClientCommand.Create());
        command.Subcommands.Add(StreamServerCommand.Create());
        command.Subcommands.Add(StreamClientCommand.Create());
        return command;
    }
}
