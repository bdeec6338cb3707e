using NUnit.Framework;

namespace NetLoop.Tests.Foreign;

/// <summary>Types that are not contracts in a simulation: the same seed repeats the run.</summary>
[Parallelizable]
public sealed class ForeignSimulationTests
{
    [Test]
    public void Simulation_ForeignMessagesUnderLoss_ArriveTheSameWayForTheSameSeed([Values] HandlerMode mode)
    {
        ulong first = Play(seed: 3, mode);
        Assert.That(Play(seed: 3, mode), Is.EqualTo(first));
        Assert.That(Play(seed: 4, mode), Is.Not.EqualTo(first));
    }

    private static ulong Play(ulong seed, HandlerMode mode)
    {
        using var sim = new NetSimulation(seed) { Link = LinkConditions.Lossy(0.05, TimeSpan.FromMilliseconds(30)) };
        NetServer server = sim.Server(o =>
        {
            o.HandlerMode = mode;
            ForeignNumbers.AddAll(o.Messages);
        });
        server.On<(int, string)>((session, in message) => server.Broadcast((message.Item1 + 1, message.Item2)));
        server.OnRequest<int[,], SortedDictionary<int, string>>((session, in grid) => new() { [grid[0, 0]] = "here" });
        SimulatedClient ana = sim.Client(server);
        SimulatedClient bob = sim.Client(server);

        ana.Send((1, "hello"));
        Task<SortedDictionary<int, string>> answer = ana.RequestAsync<int[,], SortedDictionary<int, string>>(new[,] { { 5 } });
        sim.Advance(TimeSpan.FromSeconds(2));

        Assert.That(bob.Received<Foreign<(int, string)>>().Single().Value, Is.EqualTo((2, "hello")));
        Assert.That(sim.Run(answer)[5], Is.EqualTo("here"));
        return sim.TraceHash;
    }
}
