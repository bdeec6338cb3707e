using System.Diagnostics;
using System.Reflection;
using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;

namespace NetLoop.Concurrency;

/// <summary>Runs a scenario under one schedule after the other, until one fails or the time is over.</summary>
internal static class Exploration
{
    /// <summary>Number of steps after which a schedule counts as a livelock: a scenario takes some hundreds.</summary>
    private const uint MaxSteps = 20_000;

    /// <summary>
    /// Real time after which a thread that makes no step counts as waiting for something that Coyote does not control. It is long, because a
    /// machine may stand still for seconds.
    /// </summary>
    private const uint PatienceMilliseconds = 60_000;

    /// <param name="scenario">The scenario to run.</param>
    /// <param name="assemblies">The rewritten assemblies with the scenario.</param>
    /// <param name="seed">Seed of the schedules.</param>
    /// <param name="schedules">Number of schedules.</param>
    public static Outcome Run(Scenario scenario, Assembly assemblies, uint seed, uint schedules) =>
        Run(scenario, assemblies, Configure(scenario, seed).WithTestingIterations(schedules));

    /// <summary>Runs as many schedules as there is time for.</summary>
    public static Outcome Run(Scenario scenario, Assembly assemblies, uint seed, TimeSpan time) =>
        Run(scenario, assemblies, Configure(scenario, seed).WithTestingTimeout((int)time.TotalSeconds));

    /// <summary>Runs the one schedule of a trace.</summary>
    public static Outcome Replay(Scenario scenario, Assembly assemblies, string trace) =>
        Run(scenario, assemblies, Configure(scenario, 0).WithReproducibleTrace(trace));

    private static Configuration Configure(Scenario scenario, uint seed) => Configuration.Create()
        .WithRandomGeneratorSeed(seed)
        .WithMaxSchedulingSteps(MaxSteps, MaxSteps)
        .WithFailureOnMaxStepsBoundEnabled()
        .WithDeadlockTimeout(PatienceMilliseconds)
        .WithAtomicOperationRaceCheckingEnabled()
        .WithVolatileOperationRaceCheckingEnabled()
        .WithMemoryAccessRaceCheckingEnabled(scenario.InterleavesFields)
        .WithPartiallyControlledConcurrencyAllowed(false)
        .WithVerbosityEnabled(VerbosityLevel.None)
        .WithTelemetryEnabled(false);

    private static Outcome Run(Scenario scenario, Assembly assemblies, Configuration configuration)
    {
        var time = Stopwatch.StartNew();
        using TestingEngine engine = TestingEngine.Create(configuration, scenario.In(assemblies));
        using var log = new MemoryLogger(VerbosityLevel.Error);
        engine.SetLogger(log);
        engine.Run();
        TestReport report = engine.TestReport;
        int schedules = report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths;
        string? failure = report.NumOfFoundBugs > 0 ? string.Join('\n', report.BugReports) : null;
        failure ??= report.InternalErrors.Count > 0 ? string.Join('\n', report.InternalErrors) : null;
        return new Outcome(schedules, time.Elapsed, failure, engine.ReproducibleTrace);
    }
}
