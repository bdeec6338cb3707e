using System.CommandLine;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Contracts.TypeScript;

namespace NetLoop.Demo.Contracts;

/// <summary><c>netloop contracts</c>: finds changes of an application's contracts that break programs in use.</summary>
internal static class ContractsCommand
{
    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        var command = new NetLoopCommand(
            "contracts",
            "Work with the contracts of an application",
            "netloop contracts check --assembly Game.dll --lock contracts.lock   # see netloop contracts check --help",
            "netloop contracts typescript --assembly Game.dll --out client.ts    # see netloop contracts typescript --help");
        var assembly = new Option<string>("--assembly")
        {
            Description = "The assembly with the [NetMessage] types; it is read, not run",
            HelpName = "FILE",
            Required = true,
        };
        command.Subcommands.Add(CreateCheck(assembly));
        command.Subcommands.Add(TypeScriptCommand.Create(assembly));
        return command;
    }

    private static NetLoopCommand CreateCheck(Option<string> assembly)
    {
        var lockFile = new Option<string>("--lock")
        {
            Description = "The file with the earlier contracts, one line for each member; created if it does not exist",
            HelpName = "FILE",
            DefaultValueFactory = _ => "contracts.lock",
        };
        var update = new Option<bool>("--update") { Description = "Overwrite an existing lock file" };
        var command = new NetLoopCommand(
            "check",
            "Compare the contracts of an assembly with a lock file. Exit code 1 when a change breaks old programs",
            "netloop contracts check --assembly Game.dll                         # writes contracts.lock, or compares with it",
            "netloop contracts check --assembly Game.dll --lock net.lock         # another name",
            "netloop contracts check --assembly Game.dll --update                # accepts the changes",
            "netloop contracts check --assembly Game.dll --json                  # for programs");
        command.Options.Add(assembly);
        command.Options.Add(lockFile);
        command.Options.Add(update);
        var options = new RunOptions(command, duration: null);
        command.SetAction((parsed, _) =>
        {
            using var run = new CommandRun(options.Json(parsed), duration: null);
            var check = new ContractsCheck(run, parsed.GetValue(assembly)!, parsed.GetValue(lockFile)!);
            return Task.FromResult(check.Run(parsed.GetValue(update)));
        });
        return command;
    }
}
