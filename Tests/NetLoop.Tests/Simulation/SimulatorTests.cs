using NetLoop.Simulation;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation;

/// <summary>A server and a client of the real engine on simulated hosts.</summary>
[Parallelizable]
internal sealed class SimulatorTests
{
    private const long Second = 1_000_000_000;

    [Test]
    public void Run_ServerAndClient_ExchangeMessages()
    {
        ulong first = RunEcho(seed: 1, out int answers);
        Assert.That(answers, Is.EqualTo(10));
        Assert.That(RunEcho(seed: 1, out _), Is.EqualTo(first), "the same seed does the same");
        Assert.That(RunEcho(seed: 2, out _), Is.Not.EqualTo(first));
    }

    private static ulong RunEcho(ulong seed, out int answers)
    {
        using var simulator = new Simulator(seed);
        simulator.Network.Link = LinkConditions.Lossy(0.1, TimeSpan.FromMilliseconds(20));
        SimulatedHost serverHost = simulator.Network.AddHost("server");
        SimulatedHost clientHost = simulator.Network.AddHost("client");
        clientHost.LoopbackHost = serverHost;
        WorkerContext? workers = null;
        NetServer server = NetServer.Create(o =>
        {
            workers = simulator.Configure(o, serverHost);
            o.BufferDiagnostics = true;
            o.ListenTcp("127.0.0.1", 7777);
        });
        server.On<Say>((session, in say) => session.Send(say));
        server.Open();
        LoopDriver serverDriver = simulator.Run(serverHost, server.Loop, workers!, isDedicated: false);

        var loopOptions = new EventLoopOptions();
        workers = simulator.Configure(loopOptions, clientHost);
        var loop = new EventLoop(loopOptions);
        LoopDriver clientDriver = simulator.Run(clientHost, loop, workers, isDedicated: false);
        int seen = 0;
        var client = NetClient.Create(server.Endpoints[0], o => o.Loop = loop);
        client.On<Say>((_, in _) => seen++);
        client.Dial();
        simulator.RunUntil(2 * Second);
        for (int i = 0; i < 10; i++)
        {
            Assert.That(client.Send(new Say("x")), Is.EqualTo(SendStatus.Sent));
        }

        simulator.RunUntil(10 * Second);
        _ = server.StopAsync();
        _ = loop.StopAsync(TimeSpan.FromSeconds(5));
        simulator.RunUntil(30 * Second);
        Assert.That(server.Completion.IsCompletedSuccessfully);
        Assert.That(loop.Completion.IsCompletedSuccessfully);
        Assert.That(serverDriver.IsOver && clientDriver.IsOver);
        Assert.That(server.Core.Pool.Statistics.RentedLeases, Is.Zero);
        Assert.That(serverHost.OpenSockets + clientHost.OpenSockets, Is.Zero);
        answers = seen;
        return simulator.Network.Trace.Hash;
    }
}
