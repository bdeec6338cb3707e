using System.Globalization;
using NUnit.Framework;

namespace NetLoop.Concurrency;

/// <summary>Runs each scenario under many schedules: the same schedules in each run, or others if the environment sets a seed.</summary>
[TestFixture]
public sealed class ConcurrencyTests
{
    /// <summary>Seconds for each scenario. When not set, a fixed number of schedules runs, the same on each machine.</summary>
    private const string SecondsVariable = "NETLOOP_SCHEDULE_SECONDS";

    /// <summary>Seed of the schedules.</summary>
    private const string SeedVariable = "NETLOOP_SCHEDULE_SEED";

    /// <summary>A file with the schedule to run, as written by a failed test.</summary>
    private const string TraceVariable = "NETLOOP_SCHEDULE_TRACE";

    private const uint DefaultSchedules = 100;
    private const uint MostSchedulesUntilFound = 1000;

    private static readonly Lazy<RewrittenAssemblies> Assemblies = new(() => RewrittenAssemblies.Load());

    /// <summary>
    /// A continuation of a schedule that is over may still run on a thread of the pool, when Coyote's runtime is gone. That is not a fault of the
    /// engine, and must not end the process.
    /// </summary>
    [OneTimeSetUp]
    public void IgnoreWhatComesAfterASchedule() =>
        System.Runtime.ExceptionServices.ExceptionHandling.SetUnhandledExceptionHandler(static exception =>
            exception is NullReferenceException && exception.StackTrace?.Contains("Microsoft.Coyote.Runtime", StringComparison.Ordinal) == true);

    [TestCaseSource(typeof(Scenario), nameof(Scenario.All))]
    public void Run_Scenario_HoldsInEverySchedule(object scenario)
    {
        var one = (Scenario)scenario;
        string? trace = Environment.GetEnvironmentVariable(TraceVariable);
        uint seed = Number(SeedVariable, 1);
        uint seconds = Number(SecondsVariable, 0);
        Outcome outcome = trace is not null
            ? Exploration.Replay(one, Assemblies.Value.Scenarios, File.ReadAllText(trace))
            : seconds > 0 ? Exploration.Run(one, Assemblies.Value.Scenarios, seed, TimeSpan.FromSeconds(seconds))
            : Exploration.Run(one, Assemblies.Value.Scenarios, seed, DefaultSchedules);
        TestContext.Out.WriteLine($"{one.Name}: {outcome}, seed {seed}");
        if (outcome.Failure is { } failure)
        {
            string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{one.Name}.schedule");
            File.WriteAllText(file, outcome.Trace);
            Assert.Fail(
                $"{failure}\nSchedule {outcome.Schedules} of seed {seed}. To run it again:\n"
                + $"{TraceVariable}={file} dotnet test Tests/NetLoop.Concurrency --filter 'Name~{one.Name}'");
        }
    }

    [TestCaseSource(typeof(PlantedRace), nameof(PlantedRace.All))]
    public void Run_PlantedRace_IsFound(object race)
    {
        var one = (PlantedRace)race;
        Scenario scenario = Scenario.All.Single(scenario => scenario.Name == one.Scenario);
        Outcome outcome = Exploration.Run(scenario, RewrittenAssemblies.Load(one.Plant).Scenarios, seed: 1, MostSchedulesUntilFound);
        TestContext.Out.WriteLine($"'{one.Name}': {outcome}: {outcome.Failure?.Split('\n')[0]}");
        Assert.That(outcome.Failure, Is.Not.Null, $"{outcome} did not find it");
    }

    [Test]
    public void Replay_ScheduleThatFailed_FailsTheSameWay()
    {
        PlantedRace race = PlantedRace.All.Single(race => race.Name == "a worker ends without another look");
        Scenario scenario = Scenario.All.Single(scenario => scenario.Name == race.Scenario);
        RewrittenAssemblies assemblies = RewrittenAssemblies.Load(race.Plant);
        Outcome failed = Exploration.Run(scenario, assemblies.Scenarios, seed: 1, MostSchedulesUntilFound);
        Outcome again = Exploration.Replay(scenario, assemblies.Scenarios, failed.Trace!);
        Assert.That(again.Failure, Is.EqualTo(failed.Failure));
        Assert.That(again.Schedules, Is.EqualTo(1));
    }

    private static uint Number(string variable, uint otherwise) =>
        uint.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : otherwise;
}
