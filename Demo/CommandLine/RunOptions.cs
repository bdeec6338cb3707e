using System.CommandLine;

namespace NetLoop.Demo.CommandLine;

/// <summary>The options that commands share: <c>--json</c>, and <c>--duration</c> unless a command ends by itself.</summary>
internal sealed class RunOptions
{
    private readonly Option<TimeSpan?>? _duration;
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print a machine-readable summary on stdout at the end; everything else goes to stderr",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="duration">What happens after the duration, for the help text; null for a command that ends by itself.</param>
    public RunOptions(Command command, string? duration = "Stop automatically after this time, for example 500ms, 10s, 5m or 1h")
    {
        if (duration is not null)
        {
            _duration = OptionFactory.Duration("--duration", duration);
            command.Options.Add(_duration);
        }

        command.Options.Add(_json);
    }

    /// <summary>Returns the duration; null to run until a signal comes.</summary>
    public TimeSpan? Duration(ParseResult parsed) => _duration is null ? null : parsed.GetValue(_duration);

    /// <summary>Begins a run that ends after the duration.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="defaultDuration">The duration if none was given; null runs until a signal comes.</param>
    public CommandRun Begin(ParseResult parsed, TimeSpan? defaultDuration = null) => new(Json(parsed), Duration(parsed) ?? defaultDuration);

    /// <summary>Whether stdout is reserved for the summary.</summary>
    public bool Json(ParseResult parsed) => parsed.GetValue(_json);
}
