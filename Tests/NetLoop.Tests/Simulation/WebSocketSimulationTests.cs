using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation;

/// <summary>WebSocket servers and clients, on a network that cuts every stream at random points.</summary>
[Parallelizable]
internal sealed class WebSocketSimulationTests
{
    private static readonly FaultClass[] Cuts =
    [
        FaultClass.ReceivePartial, FaultClass.ReceiveWouldBlock, FaultClass.ReceiveInterrupted,
        FaultClass.SendPartial, FaultClass.SendWouldBlock, FaultClass.SendInterrupted, FaultClass.LinkRechunked,
    ];

    [Test]
    public void Advance_StreamsCutEverywhere_DeliverEveryMessageInOrder([Values(1UL, 2UL, 3UL)] ulong seed)
    {
        using var sim = new NetSimulation(seed) { Link = LinkConditions.Lossy(0.05, TimeSpan.FromMilliseconds(10)) };
        foreach (FaultClass cut in Cuts)
        {
            sim.SetFault(cut, 0.3);
        }

        var server = sim.Server(o =>
        {
            o.BufferDiagnostics = true;
            o.ListenWebSocket("0.0.0.0", 7780);
        });
        server.On<Numbered>((session, in numbered) => session.Send(numbered));
        IReadOnlyList<SimulatedClient> clients = sim.Clients(server, 5);
        for (int i = 0; i < 40; i++)
        {
            foreach (SimulatedClient client in clients)
            {
                // Around the limits of the header's forms, and longer than one receive.
                client.Send(new Numbered(i, Filler(i)));
            }

            sim.Advance(TimeSpan.FromMilliseconds(50));
        }

        foreach (SimulatedClient client in clients)
        {
            sim.AdvanceUntil(() => client.CountReceived<Numbered>() == 40);
            Numbered[] received = [.. client.Received<Numbered>()];
            Assert.That(received.Select(numbered => numbered.Number), Is.EqualTo(Enumerable.Range(0, 40)));
            Assert.That(received.All(numbered => numbered.Filler.AsSpan().SequenceEqual(Filler(numbered.Number))), Is.True);
        }

        Assert.That(sim.CountFaults(FaultClass.ReceivePartial), Is.Positive);
        Assert.That(sim.CountFaults(FaultClass.SendPartial), Is.Positive);
        sim.Stop(server);
        Assert.That(server.GetStatistics().ClosedByReason.Keys, Is.EqualTo(new[] { CloseReason.ServerStopping }));
        Assert.That(server.GetStatistics().Buffers.RentedLeases, Is.Zero);
    }

    [Test]
    public void TraceHash_SameSeed_IsTheSame()
    {
        ulong first = Play(1);
        Assert.That(Play(1), Is.EqualTo(first));
        Assert.That(Play(2), Is.Not.EqualTo(first));
    }

    private static ulong Play(ulong seed)
    {
        using var sim = new NetSimulation(seed) { Link = LinkConditions.Lossy(0.1, TimeSpan.FromMilliseconds(10)) };
        var server = sim.Server(o => o.ListenWebSocket("0.0.0.0", 7780));
        server.On<Say>((session, in say) => session.Send(say));
        SimulatedClient client = sim.Client(server);
        client.Send(new Say("hi"));
        sim.AdvanceUntil(() => client.CountReceived<Say>() == 1);
        return sim.TraceHash;
    }

    private static byte[] Filler(int number)
    {
        byte[] filler = new byte[number % 10 == 9 ? 60_000 : (number * 17) % 300];
        filler.AsSpan().Fill((byte)number);
        return filler;
    }
}
