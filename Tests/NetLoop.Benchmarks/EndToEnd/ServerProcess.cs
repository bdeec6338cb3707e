using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using NetLoop.Demo.CommandLine;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>A server that runs in a separate process until it is disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly string[] Announcements = ["listening on tcp 127.0.0.1:", "listening on tls 127.0.0.1:", "listening on udp 127.0.0.1:"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => TakeLine(line.Data);
        process.ErrorDataReceived += (_, line) => TakeLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process.</summary>
    public int Id => _process.Id;

    /// <summary>The port on 127.0.0.1 on which it listens.</summary>
    public int Port { get; private set; }

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="kind">The kind of server.</param>
    /// <param name="core">The core; null for any.</param>
    /// <exception cref="FailureException">It does not listen.</exception>
    public static async Task<ServerProcess> StartAsync(ServerKind kind, int? core)
    {
        var server = new ServerProcess(Process.Start(Machine.Start(core, kind.Program, kind.Arguments))!);
        try
        {
            server.Port = await server._port.Task.WaitAsync(Patience).ConfigureAwait(false);
            return server;
        }
        catch (TimeoutException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new FailureException(
                $"the server '{kind.Name}' does not listen after {Patience.TotalSeconds:0} s; it printed: {string.Join(" ", server._lines)}");
        }
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>The line of JSON that it printed.</returns>
    public async Task<string> ReadSummaryAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        return _lines.LastOrDefault(line => line.StartsWith('{')) ?? throw new FailureException($"no summary came; printed: {string.Join(" ", _lines)}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }

        _process.Dispose();
    }

    private void TakeLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        // The last few of the lines that a server prints each second are enough.
        const int keptLines = 100;
        _lines.Enqueue(line);
        while (_lines.Count > keptLines)
        {
            _lines.TryDequeue(out _);
        }

        if (Array.Find(Announcements, words => line.StartsWith(words, StringComparison.Ordinal)) is { } announcement)
        {
            _port.TrySetResult(int.Parse(line.AsSpan(announcement.Length), CultureInfo.InvariantCulture));
        }
    }
}
