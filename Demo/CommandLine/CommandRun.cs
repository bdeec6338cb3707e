using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using NetLoop.Demo.Display;
using NetLoop.Demo.Server;
using Spectre.Console;

namespace NetLoop.Demo.CommandLine;

/// <summary>One run of a command: its output, and when it ends.</summary>
/// <remarks>
/// It ends even if nobody reads its output: see <see cref="QueuedOutput"/>. A second signal ends the process within <see cref="HardExit.Grace"/>.
/// </remarks>
internal sealed class CommandRun : IDisposable
{
    /// <summary>How long the end of a run waits until its output has been written.</summary>
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(2);

    /// <summary>The same after a second signal: long enough for an output that somebody reads.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the end of a run waits for the display. A display that takes longer is writing to a terminal that accepts nothing.</summary>
    private static readonly TimeSpan DisplayPatience = TimeSpan.FromMilliseconds(250);

    private readonly StopSignal _signals = new();
    private readonly QueuedOutput _stdout = QueuedOutput.ForStandard(1);
    private readonly QueuedOutput _stderr = QueuedOutput.ForStandard(2);
    private readonly CancellationTokenSource _end;
    private readonly bool _json;
    private bool _isOutputGivenUp;

    /// <summary>Begins a run: from now on signals end it, and its time is measured.</summary>
    /// <param name="json">Whether stdout is reserved for the summary.</param>
    /// <param name="duration">When the run ends by itself; null for never.</param>
    public CommandRun(bool json, TimeSpan? duration)
    {
        _json = json;
        HardExit.After(_signals.AbortToken);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_signals.Token);
        if (duration is { } time)
        {
            _end.CancelAfter(time);
        }
    }

    /// <summary>Cancelled by the first Ctrl+C or SIGTERM, or at the end of the duration: stop gracefully.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Cancelled by the second signal: stop at once.</summary>
    public CancellationToken Abort => _signals.AbortToken;

    /// <summary>Output for people: stdout, or stderr if stdout is reserved for the summary.</summary>
    public TextWriter Output => _json ? _stderr : _stdout;

    /// <summary>Error messages for people: stderr.</summary>
    public TextWriter Errors => _stderr;

    // Wait for less time after a second signal, and not at all for an output that was already waited for.
    private TimeSpan Patience => _isOutputGivenUp ? TimeSpan.Zero : Abort.IsCancellationRequested ? AbortPatience : OutputPatience;

    private bool ShowsTable => !_json && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true } && !Console.IsOutputRedirected;

    /// <summary>Creates the engine's log: warnings and errors on stderr, so that stdout has only the command's own output.</summary>
    /// <param name="more">Receives the same lines.</param>
    public ILoggerFactory CreateLogs(ILoggerProvider? more = null)
    {
        long began = Stopwatch.GetTimestamp();
        return LoggerFactory.Create(builder =>
        {
            builder.AddFilter(level => level >= (Stopwatch.GetElapsedTime(began) < WarmUp.Time ? LogLevel.Error : LogLevel.Warning));
            if (more is not null)
            {
                builder.AddProvider(more);
            }

            if (ShowsTable)
            {
                builder.AddProvider(new TableLog(AnsiConsole.Console));
            }
            else
            {
                builder.AddConsole(console =>
                {
                    console.LogToStandardErrorThreshold = LogLevel.Trace;
                    // In wait mode, a loop that logs would block until somebody reads. The logger reports how many lines it dropped.
                    console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
                }).AddSimpleConsole(format => format.SingleLine = true);
            }
        });
    }

    /// <summary>Displays the status until the run ends: as a table that is redrawn on a terminal, otherwise as plain lines.</summary>
    /// <param name="sample">Returns the current status; called about once a second.</param>
    /// <param name="over">Completes when there is nothing left to display before the run ends.</param>
    public async Task ShowAsync(Func<StatusPage> sample, Task over)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(End);
        CancellationToken ended = end.Token;
        IStatusDisplay display = ShowsTable ? new TableDisplay(AnsiConsole.Console) : new LineDisplay(Output);
        Task showing = Task.Run(() => display.ShowAsync(sample, ended), CancellationToken.None);
        await WaitForEndAsync(Task.WhenAny(showing, over)).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        if (await Task.WhenAny(showing, Task.Delay(DisplayPatience)).ConfigureAwait(false) == showing)
        {
            await showing.ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the run ends or the task completes.</summary>
    public async Task WaitForEndAsync(Task over)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (End.Register(ended.SetResult).ConfigureAwait(false))
        {
            await Task.WhenAny(ended.Task, over).ConfigureAwait(false);
        }
    }

    /// <summary>Prints the summary of the run.</summary>
    /// <param name="summary">The summary for programs, printed as one line of JSON.</param>
    /// <param name="type">How to serialize the summary.</param>
    /// <param name="lines">The summary for people.</param>
    /// <exception cref="FailureException">The summary cannot be written, or nobody reads it.</exception>
    public void Summarize<T>(T summary, JsonTypeInfo<T> type, params ReadOnlySpan<string> lines)
    {
        string? unwritten;
        if (_json)
        {
            foreach (string line in lines)
            {
                _stderr.WriteLine(line);
            }

            unwritten = _stdout.TryDeliver([JsonSerializer.Serialize(summary, type)], Patience);
        }
        else
        {
            unwritten = _stdout.TryDeliver(lines, Patience);
        }

        if (unwritten is { } reason)
        {
            _isOutputGivenUp = true;
            throw new FailureException($"{(_json ? "the summary" : "the output")} cannot be written to stdout: {reason}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stdout.TryFlush(Patience);
        _stderr.TryFlush(Patience);
        _stdout.Dispose();
        _stderr.Dispose();
        _end.Dispose();
        _signals.Dispose();
    }
}
