using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Parity;

/// <summary>
/// Compares the simulated operating system with the real one: the same calls have the same results, and pollers report the same events after each.
/// </summary>
public sealed class ParityTests
{
    private static readonly ParityScript[] AllScripts =
    [
        .. new[] { ConnectScripts.Table, CloseScripts.Table, BufferScripts.Table, PathScripts.Table, PollerScripts.Table, DatagramScripts.Table }
            .SelectMany(ParityScript.Parse),
    ];

    private static readonly LinkConditions Slow = new(TimeSpan.FromMilliseconds(10), Jitter: TimeSpan.FromMilliseconds(2));

    /// <summary>The same for datagrams, which overtake each other when the latency varies.</summary>
    private static readonly LinkConditions Steady = new(TimeSpan.FromMilliseconds(10));

    private static IEnumerable<TestCaseData> Scripts => AllScripts.Select(script => new TestCaseData(script).SetArgDisplayNames(script.ToString()));

    [Test]
    public void Scripts_AreEnough_AndEachHasItsName()
    {
        Assert.That(AllScripts, Has.Length.GreaterThanOrEqualTo(400));
        Assert.That(AllScripts.Select(script => script.ToString()), Is.Unique);
        Assert.That(KnownDifferences.Scripts, Is.SubsetOf(AllScripts.Select(script => script.ToString())), "a known difference of no script");
    }

    [TestCaseSource(nameof(Scripts))]
    public void Simulation_AgreesWithTheKernel(ParityScript script)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("The simulated kernel is that of Linux.");
            return;
        }

        if (script.Kind == TransportKind.Udp && !HasDatagrams())
        {
            Assert.Ignore("The Linux stack has no datagram sockets.");
            return;
        }

        string? reason = KnownDifferences.ReasonFor(script);
        List<string> simulated = Run(new SimulatedArm(LinkConditions.Perfect), script, expected: null);
        List<string> real = Run(new KernelArm(TimeSpan.FromSeconds(reason is null ? 5 : 0.05)), script, simulated);
        if (reason is null)
        {
            AssertSame(script, "kernel", real, "simulated", simulated);
        }
        else
        {
            Assert.That(real, Is.Not.EqualTo(simulated), $"agrees after all: take it from the list, where it is because {reason}");
        }
    }

    /// <summary>Distance takes time, but does not change the result of a call once everything has arrived.</summary>
    [TestCaseSource(nameof(Scripts))]
    public void Simulation_OverADistance_AgreesWithLoopback(ParityScript script)
    {
        List<string> near = Run(new SimulatedArm(LinkConditions.Perfect), script, expected: null);
        List<string> far = Run(new SimulatedArm(script.Kind == TransportKind.Udp ? Steady : Slow), script, expected: null);
        AssertSame(script, "over a distance", far, "loopback", near);
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static bool HasDatagrams()
    {
        NetLoop.Stack.Linux.LinuxStack stack = new();
        INetworkStack sockets = stack;
        SocketStatus status = sockets.OpenDatagram(NetEndpoint.Udp("127.0.0.1", 0), false, default, out SocketHandle socket, out _);
        if (status == SocketStatus.Ok)
        {
            sockets.Close(socket, reset: false);
        }

        return status != SocketStatus.Unsupported;
    }

    private static List<string> Run(ParityArm arm, ParityScript script, List<string>? expected)
    {
        using ParityRun run = new(arm, script);
        return run.Execute(expected);
    }

    private static void AssertSame(ParityScript script, string name, List<string> actual, string otherName, List<string> expected)
    {
        if (!actual.SequenceEqual(expected))
        {
            Assert.Fail($"{script}\n{name}:\n  {string.Join("\n  ", actual)}\n{otherName}:\n  {string.Join("\n  ", expected)}");
        }
    }
}
