using System.CommandLine;
using System.CommandLine.Help;
using System.Net.Sockets;
using NetLoop.Benchmarks.EndToEnd.Datagrams;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The end-to-end commands by name.</summary>
internal static class BenchmarkProgram
{
    /// <summary>Each takes the arguments after its name and returns the exit code.</summary>
    public static IReadOnlyDictionary<string, Func<string[], Task<int>>> Commands { get; } = new Dictionary<string, Func<string[], Task<int>>>(
        StringComparer.Ordinal)
    {
        ["compare"] = arguments => RunAsync(CompareCommand.Create(), arguments),
        ["ticks"] = arguments => RunAsync(TicksCommand.Create(), arguments),
        ["broadcast"] = arguments => RunAsync(BroadcastCommand.Create(), arguments),
        ["handshakes"] = arguments => RunAsync(HandshakesCommand.Create(), arguments),
        ["datagrams"] = arguments => RunAsync(DatagramsCommand.Create(), arguments),
        ["loops"] = arguments => RunAsync(LoopsCommand.Create(), arguments),
        ["idle"] = arguments => RunAsync(IdleCommand.Create(), arguments),
        ["serve"] = arguments => RunAsync(ServeCommand.Create(), arguments),
    };

    private static async Task<int> RunAsync(Command command, string[] arguments)
    {
        command.Options.Add(new HelpOption());
        ParseResult parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            return Refuse(parsed.Errors[0].Message);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
        }
        catch (MistakeException mistake)
        {
            return Refuse(mistake.Message);
        }
        catch (Exception failure) when (failure is FailureException or IOException or SocketException)
        {
            // Nothing was measured, for example because a server ended or a port was in use.
            Refuse(failure.Message);
            return ExitCode.Failure;
        }
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine(message.ReplaceLineEndings(" "));
        return ExitCode.Mistake;
    }
}
