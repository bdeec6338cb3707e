using NetLoop.Simulation;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>There is no descriptor for another poller.</summary>
public sealed class PollerShortageTests
{
    private static readonly ThreadSchedule Schedule = new(CallsBetweenPauses: 100, LongestRun: 100_000, LateWakes: 0, LongestStall: 0);

    [Test]
    public void Create_NoDescriptorForOneOfSeveralLoops_LeavesNothingOpen()
    {
        int refused = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            using var simulator = new Simulator(seed);
            SimulatedHost host = simulator.Network.AddHost("server");
            simulator.Network.Faults.Set(FaultClass.PollerNoDescriptors, 0.3);
            simulator.Network.Faults.IsActive = true;
            try
            {
                NetServer.Create(o =>
                {
                    simulator.Configure(o, host, Schedule);
                    o.Loops = 4;
                    o.ListenTcp("0.0.0.0", 7777);
                });
                Assert.That(host.OpenPollers, Is.EqualTo(4));
            }
            catch (IOException)
            {
                refused++;
                Assert.That(host.OpenPollers, Is.Zero);
            }
        }

        Assert.That(refused, Is.InRange(5, 19));
    }

    [Test]
    public void StartThread_NoDescriptorForTheHandlersThread_EndsTheLoop()
    {
        using var simulator = new Simulator(1);
        SimulatedHost host = simulator.Network.AddHost("loop");
        var options = new EventLoopOptions { HandlerMode = HandlerMode.Dedicated };
        simulator.Configure(options, host, Schedule);
        var loop = new EventLoop(options);
        simulator.Network.Faults.Set(FaultClass.PollerNoDescriptors, 1);
        simulator.Network.Faults.IsActive = true;
        Assert.Throws<IOException>(loop.StartThread);
        Assert.That(loop.Completion.IsFaulted);
        Assert.That(host.OpenPollers, Is.Zero);
    }
}
