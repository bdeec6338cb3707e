using System.CommandLine;
using NetLoop.Demo.Bots;
using NetLoop.Demo.Certificates;
using NetLoop.Demo.Classic;
using NetLoop.Demo.Client;
using NetLoop.Demo.Contracts;
using NetLoop.Demo.Echo;
using NetLoop.Demo.Load;
using NetLoop.Demo.Port;
using NetLoop.Demo.Relay;
using NetLoop.Demo.Server;
using NetLoop.Demo.Showcase;
using NetLoop.Demo.Sim;
using NetLoop.Demo.Tokens;

namespace NetLoop.Demo.CommandLine;

/// <summary>All commands of the program.</summary>
internal static class CommandTree
{
    /// <summary>Builds the root command, which is the demo, and everything below it.</summary>
    public static NetLoopCommand Build()
    {
        NetLoopCommand root = DemoCommand.Create("netloop");
        Command[] commands =
        [
            DemoCommand.Create("demo"),
            ServerCommand.Create(),
            BotsCommand.Create(),
            ClientCommand.Create(),
            EchoCommand.Create(),
            LoadCommand.Create(),
            ClassicCommand.Create(),
            PortCommand.Create(),
            CertificateCommand.Create(),
            TokenCommand.Create(),
            RelayCommand.Create(),
            ContractsCommand.Create(),
            SimCommand.Create(),
        ];
        foreach (Command command in commands)
        {
            root.Subcommands.Add(command);
        }

        return root;
    }
}
