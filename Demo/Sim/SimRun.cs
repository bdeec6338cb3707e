using System.Diagnostics;
using System.Globalization;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;
using NetLoop.Demo.Sim.Coverage;
using NetLoop.Simulation;
using NetLoop.Worlds;

namespace NetLoop.Demo.Sim;

/// <summary>One run of <c>netloop sim</c>: one seed with its configuration, or many.</summary>
internal sealed class SimRun(CommandRun run, SimSettings settings)
{
    private static readonly TimeSpan ProgressPause = TimeSpan.FromMilliseconds(250);

    private readonly EngineCoverage? _engine = settings.Coverage >= CoverageReport.Engine ? EngineCoverage.Load() : null;
    private readonly SimTotals _totals = new();
    private readonly Lock _outputLock = new();
    private long _given;
    private WorldResult? _single;

    /// <summary>Runs everything.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync()
    {
        if (!settings.IsSingle)
        {
            string last = settings.Last == ulong.MaxValue ? "" : settings.Last.ToString(CultureInfo.InvariantCulture);
            string world = settings.Worlds.Length > 1 ? "all" : settings.Worlds[0].ToString().ToLowerInvariant();
            run.Output.WriteLine($"seeds {settings.First}..{last} world {world}: faults {settings.Faults}, {settings.Jobs} jobs");
        }

        long began = Stopwatch.GetTimestamp();
        Task[] jobs = new Task[settings.Jobs];
        for (int i = 0; i < jobs.Length; i++)
        {
            jobs[i] = Task.Factory.StartNew(RunSeeds, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        var all = Task.WhenAll(jobs);
        await ShowProgressAsync(all).ConfigureAwait(false);
        await all.ConfigureAwait(false);
        WorldResult? failure = settings.Shrinks && _totals.FirstFailure is { } first ? Shrink(first) : _totals.FirstFailure;
        if (settings.Coverage != CoverageReport.None)
        {
            ShowCoverage();
        }

        return Finish(Stopwatch.GetElapsedTime(began), failure);
    }

    private void RunSeeds()
    {
        while (!run.End.IsCancellationRequested && TryTakeSeed(out ulong seed))
        {
            WorldResult result = RunOne(seed);
            _totals.Add(result);
            _single = result;
            if (result.Violation is null)
            {
                continue;
            }

            if (!settings.IsSingle)
            {
                Print(result.Configuration, result.Describe());
            }
            else if (!settings.IsVerbose)
            {
                Print(result.Configuration); // The failure is printed last.
            }
        }
    }

    private bool TryTakeSeed(out ulong seed)
    {
        ulong index = (ulong)(Interlocked.Increment(ref _given) - 1);
        seed = settings.First + index;
        return index <= settings.Last - settings.First;
    }

    private WorldResult RunOne(ulong seed)
    {
        // The first Ctrl+C lets running worlds finish, except a single one, which may take long; a second one ends them.
        WorldOptions options = settings.OptionsOf(seed, settings.IsSingle ? run.End : run.Abort);
        if (settings is { IsSingle: true, IsVerbose: true })
        {
            Print(World.Describe(options));
        }

        WorldResult result = Run(settings.TraceFile is { } file ? options with { Trace = new StreamWriter(file) } : options);
        if (!settings.ChecksDeterminism || result.IsPartial)
        {
            return result;
        }

        return result.ComparedWith(Run(options));
    }

    private WorldResult Run(WorldOptions options) => _engine?.Run(options) ?? World.Run(options);

    private async Task ShowProgressAsync(Task all)
    {
        bool isShown = !Console.IsErrorRedirected && !settings.IsSingle;
        while (isShown && await Task.WhenAny(all, Task.Delay(ProgressPause)).ConfigureAwait(false) != all)
        {
            lock (_outputLock)
            {
                run.Errors.Write(
                    $"\r{Format.Count(_totals.Runs)} seeds, {Format.Count(_totals.Failures)} failed, "
                        + $"{Format.Count(_totals.VirtualTime / 1_000_000_000)} s of virtual time ");
            }
        }

        if (isShown)
        {
            run.Errors.Write("\r" + new string(' ', 78) + "\r");
        }
    }

    /// <returns>The smallest world that still fails.</returns>
    private WorldResult Shrink(WorldResult failure)
    {
        Print("shrinking the first failure");
        WorldResult smallest = Shrinker.Shrink(failure, smaller => Print("  still fails: netloop sim " + smaller.ToArguments()), run.Abort);
        Print(smallest.Configuration);
        return smallest;
    }

    private void ShowCoverage()
    {
        Print("fault class                   fired     worlds");
        foreach (FaultClass fault in Enum.GetValues<FaultClass>())
        {
            Print(
                string.Create(CultureInfo.InvariantCulture, $"{FaultFilter.NameOf(fault),-24} {_totals.Fired[(int)fault],10} {_totals.Worlds[(int)fault],10}"));
        }

        if (_engine is not null)
        {
            Print([.. _engine.Summary()]);
        }

        if (_engine is not null && settings.Coverage == CoverageReport.Lines)
        {
            Print(["lines that did not run:", .. _engine.Uncovered()]);
        }
    }

    private int Finish(TimeSpan elapsed, WorldResult? failure)
    {
        double virtualSeconds = _totals.VirtualTime / 1e9;

        // Use processor time, so that other programs on the machine make no difference.
        double busySeconds = Environment.CpuUsage.TotalTime.TotalSeconds;
        double factor = busySeconds > 0 ? virtualSeconds / busySeconds : 0;
        string? repeat = failure is null ? null : "netloop sim " + failure.Options.ToArguments();
        string speed = string.Create(
            CultureInfo.InvariantCulture,
            $"{virtualSeconds:0.0} s of virtual time in {elapsed.TotalSeconds:0.00} s: {factor:0.#} times real time on one core, "
                + $"{(busySeconds > 0 ? _totals.Messages / busySeconds : 0):0} messages a second");
        string last = settings.IsSingle && (failure ?? _single) is { } single
            ? single.Describe()
            : failure is not null
                ? $"FAIL {_totals.Failures} of {_totals.Runs} seeds; the first{(settings.Shrinks ? ", shrunk" : "")}: {repeat}"
                : $"ok {_totals.Hash:x16} {_totals.Runs} seeds, {_totals.Sessions} sessions, {_totals.Messages} messages";
        run.Summarize(
            new SimSummary(
                _totals.Runs,
                _totals.Failures,
                repeat,
                virtualSeconds,
                elapsed.TotalSeconds,
                factor,
                _totals.Messages,
                _totals.Sessions,
                _totals.Hash.ToString("x16", CultureInfo.InvariantCulture)),
            SummaryJson.Default.SimSummary,
            speed,
            last);
        return _totals.Failures == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private void Print(params ReadOnlySpan<string> lines)
    {
        lock (_outputLock)
        {
            foreach (string line in lines)
            {
                run.Output.WriteLine(line);
            }
        }
    }
}
