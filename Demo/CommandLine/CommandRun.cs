using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using NetLoop.Demo.Display;
using NetLoop.Demo.Server;
using Spectre.Console;

namespace NetLoop.Demo.CommandLine;

/// <summary>One run of a command: where its words go, and when it ends.</summary>
/// <remarks>
/// Its end needs nobody who reads: see <see cref="QueuedOutput"/>. A second signal ends the process, <see cref="HardExit.Grace"/> later at
/// the latest.
/// </remarks>
internal sealed class CommandRun : IDisposable
{
    /// <summary>How long the end waits for what is printed to be taken.</summary>
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long it waits after a second signal: enough for an output that somebody reads.</summary>
    private static readonly TimeSpan AbortPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>How long it waits for a display; one that does not end in time writes to a terminal that takes nothing.</summary>
    private static readonly TimeSpan DisplayPatience = TimeSpan.FromMilliseconds(250);

    private readonly StopSignal _signals = new();
    private readonly QueuedOutput _stdout = QueuedOutput.ForStandard(1);
    private readonly QueuedOutput _stderr = QueuedOutput.ForStandard(2);
    private readonly CancellationTokenSource _end;
    private readonly bool _json;
    private bool _isOutputGivenUp;

    /// <summary>Begins a run: from here on signals end it, and its time is counted.</summary>
    /// <param name="json">Whether stdout is for the summary alone.</param>
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

    /// <summary>Cancelled by the first Ctrl+C or SIGTERM, or when the duration is over: finish in order.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Cancelled by the second signal: finish now.</summary>
    public CancellationToken Abort => _signals.AbortToken;

    /// <summary>For people: stdout, or stderr when stdout is for the summary alone.</summary>
    public TextWriter Output => _json ? _stderr : _stdout;

    /// <summary>For people, about what went wrong: stderr.</summary>
    public TextWriter Errors => _stderr;

    // A person who asks twice has less patience, and an output that has been waited for needs no more.
    private TimeSpan Patience => _isOutputGivenUp ? TimeSpan.Zero : Abort.IsCancellationRequested ? AbortPatience : OutputPatience;

    private bool ShowsTable => !_json && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true } && !Console.IsOutputRedirected;

    /// <summary>Makes the engine's log: warnings and errors on stderr, so that stdout stays what a command promises.</summary>
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
                    // Waiting would block a loop that logs until somebody reads. The logger reports what it dropped.
                    console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
                }).AddSimpleConsole(format => format.SingleLine = true);
            }
        });
    }

    /// <summary>Shows how the command is doing until the run ends: a table that is redrawn on a terminal, plain lines elsewhere.</summary>
    /// <param name="sample">How it is doing now; called about once a second.</param>
    /// <param name="over">Completes when there is nothing left to show before the run ends.</param>
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

    /// <summary>Waits until the run ends, or the task completes.</summary>
    public async Task WaitForEndAsync(Task over)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (End.Register(ended.SetResult).ConfigureAwait(false))
        {
            await Task.WhenAny(ended.Task, over).ConfigureAwait(false);
        }
    }

    /// <summary>Prints how the run went.</summary>
    /// <param name="summary">For machines, as one line of JSON.</param>
    /// <param name="type">How to write the summary.</param>
    /// <param name="lines">The same for people.</param>
    /// <exception cref="FailureException">It cannot be written, or nobody reads it.</exception>
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
