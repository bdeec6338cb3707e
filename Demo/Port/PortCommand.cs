using System.CommandLine;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Demo.Port;

/// <summary><c>netloop port</c>: shows which process holds a port and, if requested, asks it to end.</summary>
internal static class PortCommand
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    /// <summary>Builds the command.</summary>
    public static NetLoopCommand Create()
    {
        var port = new Argument<int>("N")
        {
            Description = "The port, 1 to 65535",
            CustomParser = result => int.TryParse(OptionFactory.Text(result), out int number) && number is >= 1 and <= ushort.MaxValue
                ? number
                : OptionFactory.Wrong<int>(result, "port", "is not a whole number from 1 to 65535"),
        };
        var kill = new Option<bool>("--kill") { Description = "Ask each process to end (SIGTERM), wait for it, and report" };
        var yes = new Option<bool>("--yes") { Description = "With --kill: do not ask first" };
        var command = new NetLoopCommand(
            "port",
            "Show the process that holds a port, over TCP and UDP, IPv4 and IPv6. Exit code 1 when there is none",
            "netloop port 7777                # which process is it?",
            "netloop port 7777 --kill         # asks, sends SIGTERM, waits, says whether the port is free",
            "netloop port 7777 --kill --yes   # for scripts: does not ask",
            "netloop port 7777 --json         # for programs");
        command.Arguments.Add(port);
        command.Options.Add(kill);
        command.Options.Add(yes);
        var options = new RunOptions(
            command, $"With --kill: how long to wait for each process to end, for example 500ms or 10s [default: {DefaultPatience.TotalSeconds:0}s]");
        command.Validators.Add(result =>
        {
            if (result.GetValue(yes) && !result.GetValue(kill))
            {
                result.AddError("--yes answers the question that --kill asks: write --kill --yes");
            }
        });
        command.SetAction(async (parsed, _) =>
        {
            using var run = new CommandRun(options.Json(parsed), duration: null);
            var report = new PortReport(run, parsed.GetValue(port));
            return await report.RunAsync(parsed.GetValue(kill), parsed.GetValue(yes), options.Duration(parsed) ?? DefaultPatience).ConfigureAwait(false);
        });
        return command;
    }
}
