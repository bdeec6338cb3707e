using System.CommandLine;
using System.CommandLine.Help;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.CommandLine;

/// <summary>Runs a command line and returns its exit code.</summary>
internal static class NetLoopProgram
{
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(2);

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="error">Receives the explanation of a mistake, in one line.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter error)
    {
        using QueuedOutput output = QueuedOutput.ForStandard(1);
        NetLoopCommand root = CommandTree.Build();
        var help = new HelpOption();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.Options.Add(help);
        root.Options.Add(new VersionOption());

        // No response files: "--send @home" is a text, not the name of a file. No bundling: "-abc" is a mistake, not three options.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            return Refuse(error, $"{Explain(parsed)}; see '{FullName(parsed.CommandResult.Command)} --help'", ExitCode.Mistake);
        }

        try
        {
            // Signals and exceptions are handled here and in the commands, not by the library: the first Ctrl+C drains, the second aborts.
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output };
            int exitCode = await parsed.InvokeAsync(invocation).ConfigureAwait(false);
            return output.TryFlush(OutputPatience) is { } reason
                ? Refuse(error, $"the output cannot be written to stdout: {reason}", ExitCode.Failure)
                : exitCode;
        }
        catch (MistakeException mistake)
        {
            return Refuse(error, mistake.Message, ExitCode.Mistake);
        }
        catch (InsufficientDescriptorsException few)
        {
            return Refuse(error, few.Message, ExitCode.Mistake);
        }
        catch (OperationCanceledException)
        {
            return Refuse(error, "it was told to end before it had begun", ExitCode.Failure);
        }
        catch (FailureException failure)
        {
            return Refuse(error, failure.Message, ExitCode.Failure);
        }
    }

    private static int Refuse(TextWriter error, string message, int exitCode)
    {
        error.WriteLine($"netloop: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }

    // Explains only the first mistake, because later ones often follow from it.
    private static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            // A misspelled option may have been taken for the command's argument; then the argument is the token that is left over.
            string unknown = command.Arguments
                .SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
                .Select(token => token.Value)
                .FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal)) ?? parsed.UnmatchedTokens[0];
            string hint = NearestWord.Find(unknown, WordsOf(command)) is { } meant ? $"; did you mean '{meant}'?" : "";
            return $"'{unknown}' is not a command or option of '{FullName(command)}'{hint}";
        }

        return command.Action is null
            ? $"say which: {string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name))}"
            : parsed.Errors[0].Message.TrimEnd('.');
    }

    private static IEnumerable<string> WordsOf(Command command) =>
        command.Subcommands.Select(subcommand => subcommand.Name).Concat(command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)));

    private static string FullName(Command command)
    {
        string name = command.Name;
        for (Command? parent = command.Parents.OfType<Command>().FirstOrDefault();
            parent is not null;
            parent = parent.Parents.OfType<Command>().FirstOrDefault())
        {
            name = $"{parent.Name} {name}";
        }

        return name;
    }
}
