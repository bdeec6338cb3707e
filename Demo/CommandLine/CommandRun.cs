using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NetLoop.Demo.Display;
using Spectre.Console;

namespace NetLoop.Demo.CommandLine;

/// <summary>One run of a command: where its words go, and when it ends.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly StopSignal _signals = new();
    private readonly CancellationTokenSource _end;
    private readonly bool _json;

    /// <summary>Begins a run: from here on signals end it, and its time is counted.</summary>
    /// <param name="json">Whether stdout is for the summary alone.</param>
    /// <param name="duration">When the run ends by itself; null for never.</param>
    public CommandRun(bool json, TimeSpan? duration)
    {
        _json = json;
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
    public TextWriter Output => _json ? Console.Error : Console.Out;

    /// <summary>A table that is redrawn on a terminal, plain lines elsewhere.</summary>
    public IStatusDisplay CreateDisplay() =>
        !_json && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true } && !Console.IsOutputRedirected
            ? new TableDisplay(AnsiConsole.Console)
            : new LineDisplay(Output);

    /// <summary>Waits until the run ends.</summary>
    public async Task WaitForEndAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (End.Register(ended.SetResult).ConfigureAwait(false))
        {
            await ended.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Prints how the run went.</summary>
    /// <param name="summary">For machines, as one line of JSON.</param>
    /// <param name="type">How to write the summary.</param>
    /// <param name="lines">The same for people.</param>
    public void Summarize<T>(T summary, JsonTypeInfo<T> type, params ReadOnlySpan<string> lines)
    {
        foreach (string line in lines)
        {
            Output.WriteLine(line);
        }

        if (_json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(summary, type));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Dispose();
        _signals.Dispose();
    }
}
