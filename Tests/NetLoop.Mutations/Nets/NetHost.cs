#pragma warning disable CA1031 // Whatever a net throws is what is looked for.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using NetLoop.Worlds;

namespace NetLoop.Mutations.Nets;

/// <summary>
/// The process in which nets run, on the engine in the same folder, with one of its bugs after the other. A bug's turn ends with the first
/// net that finds it.
/// </summary>
/// <remarks>
/// The report goes to a file, because tests write to the console and engines with bugs may end the process. For each bug it has "bug PLACE"; then
/// "begin NAME" and "end NAME MILLISECONDS STATE POINTS" for everything that runs; "found NET NAME TEXT" if something found the bug; and "done SECONDS",
/// with the processor time. The last line is "hangs NAME", "spoilt" if a bug left something behind that would disturb the next turn, or "clean".
/// </remarks>
internal sealed class NetHost : IDisposable
{
    private const int LookMilliseconds = 100;
    private const int MaxText = 160;

    private readonly StreamWriter _report;
    private readonly Lock _lock = new();
    private readonly TimeSpan _budget;
    private readonly TimeSpan _patience;
    private readonly byte[]? _marks = HitCounter.Marks();
    private string? _running;
    private long _since;
    private int _looks;
    private TimeSpan _processorTime;
    private TimeSpan _bugsTime;
    private string? _bug;
    private NetStep? _step;

    // The net that found the current bug, and whether it also fails without the bug.
    private NetStep? _finder;
    private bool _isControl;
    private bool _isSpoilt;

    private NetHost(string report, TimeSpan budget, TimeSpan patience)
    {
        _report = new StreamWriter(report) { AutoFlush = true };
        _budget = budget;
        _patience = patience;
    }

    /// <summary>Runs the steps in a file.</summary>
    /// <param name="args">The file with the steps, the file for the report, seconds of processor time, seconds for each test or world.</param>
    public static int Run(string[] args)
    {
        TimeSpan budget = TimeSpan.FromSeconds(int.Parse(args[2], CultureInfo.InvariantCulture));
        TimeSpan patience = TimeSpan.FromSeconds(int.Parse(args[3], CultureInfo.InvariantCulture));
        using NetHost host = new(args[1], budget, patience);
        new Thread(host.Watch) { IsBackground = true, Name = "watch" }.Start();
        foreach (string line in File.ReadLines(args[0]))
        {
            host.Do(NetStep.Parse(line));
        }

        host.EndBug();
        host.End("clean");
        return 0;
    }

    /// <summary>Whether the bug's turn is over, because it was found or its time is used up.</summary>
    public bool IsOver { get; private set; }

    public void Begin(string name)
    {
        lock (_lock)
        {
            _report.WriteLine($"begin\t{name}");
            _running = name;
            _since = Stopwatch.GetTimestamp();
            _looks = 0;
            _processorTime = Environment.CpuUsage.TotalTime;
            if (_marks is not null)
            {
                Array.Clear(_marks);
            }
        }
    }

    public void Finish(string state)
    {
        lock (_lock)
        {
            double milliseconds = Stopwatch.GetElapsedTime(_since).TotalMilliseconds;
            string points = _marks is null ? "" : string.Join(',', Enumerable.Range(0, _marks.Length).Where(index => _marks[index] != 0));
            _report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"end\t{_running}\t{milliseconds:0.0}\t{state}\t{points}"));
            _running = null;
            IsOver |= _marks is null && Environment.CpuUsage.TotalTime - _bugsTime > _budget;
        }
    }

    /// <summary>Ends the bug's turn, unless the process only records which points run.</summary>
    public void Found(string net, string name, string? text)
    {
        if (_marks is not null || IsOver)
        {
            return;
        }

        string line = (text ?? "").ReplaceLineEndings(" ").Replace('\t', ' ').Trim();
        lock (_lock)
        {
            if (_isControl)
            {
                _isSpoilt = true;
                IsOver = true;
                return;
            }

            // A type stays unusable once its initializer has thrown.
            _isSpoilt |= line.Contains("type initializer", StringComparison.Ordinal);
            _finder = net switch
            {
                NetStep.Tests => new NetStep(net, _step!.Name, [name]),
                NetStep.World => new NetStep(net, _step!.Name, [name.Split(' ')[1], name.Split(' ')[1]]),
                _ => null,
            };
            _report.WriteLine($"found\t{net}\t{name}\t{line[..Math.Min(line.Length, MaxText)]}");
            IsOver = true;
        }
    }

    public void Dispose() => _report.Dispose();

    private void Do(NetStep step)
    {
        if (IsOver && step.Net != NetStep.Bug)
        {
            return;
        }

        switch (step.Net)
        {
            case NetStep.Bug:
                EndBug();
                if (IsSpoilt())
                {
                    End("spoilt");
                }

                BeginBug(step);
                break;
            default:
                _step = step;
                Run(step);
                break;
        }
    }

    private void Run(NetStep step)
    {
        switch (step.Net)
        {
            case NetStep.Tests or NetStep.Interleaving:
                TestNet.Run(step, this);
                break;
            case NetStep.World:
                RunWorlds(step);
                break;
            default:
                RunFuzzer(step);
                break;
        }
    }

    // A bug may leave behind a static with a wrong value, or a thread. The net that found it would then also find the next bug, whatever that is.
    private bool IsSpoilt()
    {
        if (_finder is not null && !_isSpoilt)
        {
            IsOver = false;
            _isControl = true;
            Run(_finder);
            _isControl = false;
        }

        _finder = null;
        return _isSpoilt;
    }

    private void BeginBug(NetStep step)
    {
        _bug = step.Name;
        lock (_lock)
        {
            _report.WriteLine($"bug\t{_bug}");
            _bugsTime = Environment.CpuUsage.TotalTime;
        }

        IsOver = false;
        BugSwitch.TurnOn(int.Parse(step.Words[0], CultureInfo.InvariantCulture));
    }

    private void EndBug()
    {
        BugSwitch.TurnOn(0);
        if (_bug is not null)
        {
            _report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done\t{(Environment.CpuUsage.TotalTime - _bugsTime).TotalSeconds:0.0}"));
        }
    }

    private void RunWorlds(NetStep step)
    {
        WorldKind kind = Enum.Parse<WorldKind>(step.Name);
        ulong last = ulong.Parse(step.Words[1], CultureInfo.InvariantCulture);
        for (ulong seed = ulong.Parse(step.Words[0], CultureInfo.InvariantCulture); seed <= last && !IsOver; seed++)
        {
            Begin($"{kind} {seed}");
            string? violation;
            try
            {
                violation = World.Run(new WorldOptions(seed, kind)).Violation?.ToString();
            }
            catch (Exception exception)
            {
                violation = exception.Message;
            }

            Finish(violation is null ? "Passed" : "Failed");
            if (violation is not null)
            {
                Found(step.Net, $"{kind} {seed}", violation);
            }
        }
    }

    private void RunFuzzer(NetStep step)
    {
        Begin(step.Name);
        StringWriter text = new();
        TextWriter console = Console.Out;
        Console.SetOut(text);
        int code;
        try
        {
            string[] words = [step.Name, "--seconds", step.Words[0], "--seed", step.Words[1]];
            code = (int)Assembly.Load("NetLoop.Fuzzing").EntryPoint!.Invoke(null, [words])!;
        }
        catch (TargetInvocationException exception)
        {
            code = 1;
            text.WriteLine($"problem: {exception.InnerException?.Message}");
        }

        Console.SetOut(console);
        Finish(code == 0 ? "Passed" : "Failed");
        if (code != 0)
        {
            Found(
                step.Net,
                $"{step.Name} {step.Words[1]}",
                text.ToString().Split('\n').FirstOrDefault(line => line.Contains("problem:", StringComparison.Ordinal)));
        }
    }

    private void Watch()
    {
        while (true)
        {
            Thread.Sleep(LookMilliseconds);
            lock (_lock)
            {

                // Checks are counted instead of time: on a busy machine they are as late as the code that they watch.
                _looks++;
                if (_running is { } name
                    && (_looks > _patience.TotalMilliseconds / LookMilliseconds || Environment.CpuUsage.TotalTime - _processorTime > _patience / 2))
                {
                    End(_isControl ? "spoilt" : $"hangs\t{name}");
                }
            }
        }
    }

    private void End(string line)
    {
        lock (_lock)
        {
            _report.WriteLine(line);
            _report.Flush();
            // At once: an engine with a bug may have threads that do not end.
            Process.GetCurrentProcess().Kill();
        }
    }
}
