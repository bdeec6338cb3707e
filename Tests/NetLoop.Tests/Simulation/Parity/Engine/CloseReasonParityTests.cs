using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Parity.Engine;

/// <summary>The engine ends a session for the same reason and with the same text on the real kernel and on the simulated one.</summary>
internal sealed class CloseReasonParityTests
{
    [Test]
    public void Server_PeerBehaves_EndsAsOnTheKernel(
        [ValueSource(typeof(PeerBehaviour), nameof(PeerBehaviour.All))] object behaviour,
        [Values(TransportKind.Tcp, TransportKind.Unix)] TransportKind kind)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("The simulated kernel is that of Linux.");
            return;
        }

        string simulated = Run(new SimulatedEngineArm(kind), (PeerBehaviour)behaviour);
        string real = Run(new KernelEngineArm(kind), (PeerBehaviour)behaviour);
        TestContext.Out.WriteLine(simulated);
        Assert.That(real, Is.EqualTo(simulated));
    }

    private static string Run(EngineArm arm, PeerBehaviour behaviour)
    {
        using (arm)
        {
            var peer = new RawPeer(arm);
            behaviour.Act(peer);
            string closed = arm.AwaitClose();
            return $"{closed}; {peer.Story()}";
        }
    }
}
