using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The files to which a command writes its results, in addition to stdout.</summary>
internal sealed class ReportOptions
{
    private readonly Option<string?> _json = new("--json") { Description = "Write the figures to this file, as JSON", HelpName = "FILE" };
    private readonly Option<string?> _markdown = new("--markdown") { Description = "Write the table to this file", HelpName = "FILE" };

    /// <summary>Adds the options to a command.</summary>
    public ReportOptions(Command command)
    {
        command.Options.Add(_json);
        command.Options.Add(_markdown);
    }

    /// <summary>Prints the table and writes the files.</summary>
    public async Task WriteAsync<T>(ParseResult parsed, T report, JsonTypeInfo<T> type, string markdown)
    {
        await Console.Out.WriteLineAsync(markdown).ConfigureAwait(false);
        if (parsed.GetValue(_json) is { } json)
        {
            await File.WriteAllTextAsync(json, JsonSerializer.Serialize(report, type) + "\n").ConfigureAwait(false);
        }

        if (parsed.GetValue(_markdown) is { } file)
        {
            await File.WriteAllTextAsync(file, markdown).ConfigureAwait(false);
        }
    }
}
