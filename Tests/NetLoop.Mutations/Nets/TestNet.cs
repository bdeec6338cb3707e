using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace NetLoop.Mutations.Nets;

/// <summary>Runs tests in this process.</summary>
internal static class TestNet
{
    /// <summary>The unit tests.</summary>
    public const string Tests = "NetLoop.Tests";

    /// <summary>The tests that run threads in many interleavings.</summary>
    public const string Interleavings = "NetLoop.Concurrency";

    // These do not test the engine, or take too long for what they find, or wait for other programs on a busy machine. Worlds and fuzzers are nets of
    // their own.
    private static readonly string[] LeftOut =
        [
            ".Demo.",
            ".Architecture.",
            ".PlantedBugs.",
            ".Fuzzing.",
            ".Mutations.",
            ".Worlds.SeedTests.",
            ".CachingTests.",
            ".CachingDifferentialTests.",
            ".ProjectTests.",
            ".ReferencedProjectTests.",
            ".CodeFixTests.",
            ".Shapes.",
            ".DiagnosticsTests.",
            ".BlockingAnalyzerTests.",
            ".GeneratedCodeTests.",
            ".NginxTests.",
            ".IndependentPeerTests.",
            ".UnixPathRaceTests.",
            ".Run_PlantedRace_"
        ];

    /// <summary>Whether a test is used to look for bugs.</summary>
    public static bool IsLeftOut(string fullName) => LeftOut.Any(part => fullName.Contains(part, StringComparison.Ordinal));

    /// <summary>Runs tests of one fixture, or of all fixtures if it has no name.</summary>
    /// <param name="step">The fixture's full name, and the names of the tests; all of its tests if there are none.</param>
    /// <param name="host">Receives the reports.</param>
    public static void Run(NetStep step, NetHost host)
    {
        NUnitTestAssemblyRunner runner = new(new DefaultTestAssemblyBuilder());

        // Without synchronous events, a thread of NUnit reports them later, and what one test runs is attributed to another.
        Dictionary<string, object> settings = new() { ["NumberOfTestWorkers"] = 0, ["SynchronousEvents"] = true };
        var assembly = Assembly.Load(step.Net == NetStep.Tests ? Tests : Interleavings);
        string type = step.Name.Split('(', '<')[0];
        if (type.Length > 0 && assembly.GetType(type) is not null)
        {
            settings["LOAD"] = new List<string> { type };
        }

        TextWriter console = Console.Out;
        runner.Load(assembly, settings);
        runner.Run(new Listener(step.Net, runner, host), new NameFilter([.. step.Words]));
        Console.SetOut(console);
    }

    private sealed class NameFilter(HashSet<string> names) : TestFilter
    {
        public override bool Match(ITest test) => !test.IsSuite && (names.Count > 0 ? names.Contains(test.FullName) : !IsLeftOut(test.FullName));

        public override bool IsExplicitMatch(ITest test) => false;

        public override TNode AddToXml(TNode parentNode, bool recursive) => parentNode.AddElement("names");
    }

    private sealed class Listener(string net, NUnitTestAssemblyRunner runner, NetHost host) : ITestListener
    {
        public void TestStarted(ITest test)
        {
            if (!test.IsSuite)
            {
                host.Begin(test.FullName);
            }
        }

        public void TestFinished(ITestResult result)
        {
            if (!result.Test.IsSuite)
            {
                host.Finish(result.ResultState.Status.ToString());
            }

            bool isFailed = result.ResultState.Status == TestStatus.Failed
                && (!result.Test.IsSuite || result.ResultState.Site is FailureSite.SetUp or FailureSite.TearDown);
            if (isFailed)
            {
                host.Found(net, result.Test.FullName, result.Message);
            }

            if (host.IsOver)
            {
                runner.StopRun(force: false);
            }
        }

        public void TestOutput(TestOutput output)
        {
        }

        public void SendMessage(TestMessage message)
        {
        }
    }
}
