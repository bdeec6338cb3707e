using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NetLoop.Demo.CommandLine;

/// <summary>The library's help text, then the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is NetLoopCommand { Examples.Count: > 0 } command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in Align(command.Examples))
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return ExitCode.Success;
    }

    /// <summary>The examples with their explanations in one column.</summary>
    internal static IEnumerable<string> Align(IReadOnlyList<string> examples)
    {
        const string Mark = " # ";
        (string Line, string Explanation)[] parts =
        [
            .. examples.Select(static example => example.IndexOf(Mark, StringComparison.Ordinal) is var at and >= 0
                ? (example[..at].TrimEnd(), example[(at + 1)..])
                : (example, "")),
        ];
        int width = parts.Max(static part => part.Line.Length);
        return parts.Select(part => $"{part.Line.PadRight(width)}  {part.Explanation}".TrimEnd());
    }
}
