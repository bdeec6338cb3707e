using System.Runtime.Versioning;
using NetLoop.Tests.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Parity;

/// <summary>The simulated kernel against the real one over a network device, instead of loopback: the scripts of datagrams that name no address.</summary>
[SupportedOSPlatform("linux")]
public sealed class NamespaceParityTests
{
    private static readonly ParityScript[] Scripts = [.. ParityScript.Parse(DatagramScripts.Table).Where(static script => !NamesAnAddress(script))];

    private Namespaces? _namespaces;

    private static IEnumerable<TestCaseData> Cases => Scripts.Select(script => new TestCaseData(script).SetArgDisplayNames(script.ToString()));

    [OneTimeSetUp]
    public void Create() => _namespaces = Namespaces.Create(mtu: 65_535);

    [OneTimeTearDown]
    public void Remove() => _namespaces?.Dispose();

    [Test]
    public void Scripts_AreEnough() => Assert.That(Scripts, Has.Length.GreaterThan(35));

    [TestCaseSource(nameof(Cases))]
    public void Simulation_AgreesWithTheKernelAcrossACable(ParityScript script)
    {
        List<string> simulated = Run(new SimulatedArm(LinkConditions.Perfect), script, expected: null);
        List<string> real = Run(new NamespaceArm(_namespaces!), script, simulated);
        Assert.That(real, Is.EqualTo(simulated));
    }

    private static bool NamesAnAddress(ParityScript script) =>
        script.Steps.Any(static step => step.AsSpan().IndexOfAny(':', '.') >= 0);

    private static List<string> Run(ParityArm arm, ParityScript script, List<string>? expected)
    {
        using ParityRun run = new(arm, script);
        return run.Execute(expected);
    }
}
