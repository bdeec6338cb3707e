using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using NUnit.Framework;

namespace NetLoop.Tests.Demo;

/// <summary>A program under test: waits for its lines have a timeout, and the program ends with the test.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Long enough for a busy machine; a test that passes never waits this long.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly string[] LateTicks = ["warn: NetLoop.Loop[1002] Tick ", "warn: NetLoop.Loop[1017] "];

    private readonly Process _process;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _errorLines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _allOutput = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _outputEnd;
    private readonly Task _errorEnd;

    private ChildProcess(string file, string[] arguments, (string Name, string Value)? setting = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_TieredPGO"] = "0"; // Programs that run for a second have only its costs.
        if (setting is { } variable)
        {
            start.Environment[variable.Name] = variable.Value;
        }

        _process = Process.Start(start)!;
        _outputEnd = PumpAsync(_process.StandardOutput, line =>
        {
            _allOutput.Enqueue(line);
            _output.Writer.TryWrite(line);
        });
        _errorEnd = PumpAsync(_process.StandardError, line =>
        {
            _errors.AppendLine(line);
            _errorLines.Writer.TryWrite(line);
        });
    }

    public int Id => _process.Id;

    private static string Program => Path.Combine(AppContext.BaseDirectory, "netloop.dll");

    /// <summary>Everything printed to stdout so far.</summary>
    public IReadOnlyList<string> Output => [.. _allOutput];

    /// <summary>Starts the netloop program that was built with the tests.</summary>
    public static ChildProcess NetLoop(params string[] arguments) => new("dotnet", [Program, .. arguments]);

    /// <summary>The same, with an environment variable.</summary>
    public static ChildProcess NetLoopWith(string variable, string value, params string[] arguments) =>
        new("dotnet", [Program, .. arguments], (variable, value));

    /// <summary>
    /// Starts a program that was built with the tests, such as netloop.dll, in a process with a limit of open files; skips the test if prlimit is missing.
    /// </summary>
    public static ChildProcess WithFileLimit(int files, string program, params string[] arguments)
    {
        const string Limiter = "/usr/bin/prlimit";
        if (!File.Exists(Limiter))
        {
            Assert.Ignore($"There is no {Limiter}.");
        }

        return new(Limiter, [$"--nofile={files}", "dotnet", Path.Combine(AppContext.BaseDirectory, program), .. arguments]);
    }

    public static ChildProcess Start(string file, params string[] arguments) => new(file, arguments);

    /// <summary>Runs the netloop program until it ends.</summary>
    public static async Task<ProcessResult> RunNetLoopAsync(params string[] arguments)
    {
        await using ChildProcess process = NetLoop(arguments);
        return await process.EndAsync();
    }

    /// <summary>Runs a program until it ends.</summary>
    public static async Task<ProcessResult> RunAsync(string file, params string[] arguments)
    {
        await using ChildProcess process = Start(file, arguments);
        return await process.EndAsync();
    }

    /// <summary>Waits for the next line on stdout with this beginning, and returns it; lines before it are skipped.</summary>
    public Task<string> ExpectAsync(string beginning) => ExpectAsync(_output.Reader, beginning);

    /// <summary>The same on stderr.</summary>
    public Task<string> ExpectErrorAsync(string beginning) => ExpectAsync(_errorLines.Reader, beginning);

    private async Task<string> ExpectAsync(ChannelReader<string> lines, string beginning)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            while (true)
            {
                string line = await lines.ReadAsync(deadline.Token);
                if (line.StartsWith(beginning, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (Exception error) when (error is ChannelClosedException or OperationCanceledException)
        {
            throw new AssertionException($"No line begins with '{beginning}'. Printed: {string.Join('\n', Output)}\nErrors: {Errors()}");
        }
    }

    /// <summary>Waits for a line that ends with an address, and returns its port.</summary>
    public async Task<int> ExpectPortAsync(string beginning)
    {
        string line = await ExpectAsync(beginning);
        return int.Parse(line[(line.LastIndexOfAny([':', ' ']) + 1)..], CultureInfo.InvariantCulture);
    }

    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Skips the test if the process ignores a signal that the program must handle.</summary>
    /// <param name="signal">INT or HUP.</param>
    public void RequireSignal(string signal) => RequireSignal(Id, signal);

    /// <summary>Skips the test if all processes, including this one, ignore a signal that the program must handle.</summary>
    public static void RequireSignal(int process, string signal)
    {
        if (Ignores(process, signal == "INT" ? 2 : 1))
        {
            Assert.Ignore(
                $"The parent of the tests ignores SIG{signal}, as shells (SIGINT, in the background) and nohup (SIGHUP) do; programs inherit that.");
        }
    }

    /// <summary>Sends a signal by its name, such as TERM or INT.</summary>
    public async Task SignalAsync(string signal)
    {
        if (signal == "INT")
        {
            RequireSignal(signal);
        }

        await RunAsync("kill", $"-{signal}", $"{Id}");
    }

    /// <summary>Completes when the process has ended by itself; its input stays open until then.</summary>
    public async Task<ProcessResult> EndedAsync()
    {
        await Task.WhenAll(_process.WaitForExitAsync(), _outputEnd, _errorEnd);
        return new ProcessResult(_process.ExitCode, Output, Errors());
    }

    /// <summary>Waits until the process has ended and all its output has been read.</summary>
    public async Task<ProcessResult> EndAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(), _outputEnd, _errorEnd).WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new AssertionException($"The process has not ended. Printed: {string.Join('\n', Output)}\nErrors: {Errors()}");
        }

        return new ProcessResult(_process.ExitCode, Output, Errors());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Whether the process ignores a signal, given by its number.</summary>
    public bool Ignores(int signal) => Ignores(Id, signal);

    /// <summary>Whether all processes, including this one, ignore a signal, given by its number.</summary>
    public static bool Ignores(int process, int signal)
    {
        const string Ignored = "SigIgn:";
        string status = $"/proc/{process}/status";
        string? mask = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(static line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return mask is not null
            && (ulong.Parse(mask.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (signal - 1))) != 0;
    }

    private string Errors()
    {
        lock (_errors)
        {
            // On a busy machine ticks are late or skipped, and the program logs it; no test checks that.
            return string.Join(
                '\n', _errors.ToString().TrimEnd().Split('\n').Where(static line => !LateTicks.Any(start => line.StartsWith(start, StringComparison.Ordinal))));
        }
    }

    private async Task PumpAsync(StreamReader from, Action<string> to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_errors)
            {
                to(line);
            }
        }

        (from == _process.StandardOutput ? _output : _errorLines).Writer.Complete();
    }
}
