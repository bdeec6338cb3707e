using NetLoop;
using NetLoopServer;
using NUnit.Framework;

namespace NetLoopTests;

public sealed class HallTests
{
    /// <summary>Runs over a real socket.</summary>
    [Test]
    public async Task HandlerModule_AnswersAndCounts()
    {
        await using var server = NetServer.Create(o => o.ListenTcp("127.0.0.1", 0));       // port 0: the system chooses
        server.Use(new HallModule(server));
        server.Start();

        await using var client = await NetClient.ConnectAsync(server.Endpoints[0]);
        client.Send(new Shout("hello"));
        Census census = await client.RequestAsync(new CountShouts());

        Assert.That(census, Is.EqualTo(new Census(Sessions: 1, Shouts: 1)));
    }

    /// <summary>Runs in virtual time, over a simulated network that loses one packet of twenty. The same seed repeats the run.</summary>
    [Test]
    public void Hall_ShoutUnderLoss_ReachesEverybody()
    {
        using var sim = new NetSimulation(seed: 42) { Link = LinkConditions.Lossy(0.05, TimeSpan.FromMilliseconds(30)) };
        var server = sim.Server(setUp: s => s.Use(new HallModule(s)));
        var ana = sim.Client(server);
        var bob = sim.Client(server);

        ana.Send(new Shout("hello"));
        sim.Advance(TimeSpan.FromSeconds(1));

        Assert.That(bob.Received<Shout>().Single().Text, Is.EqualTo("hello"));
        Assert.That(sim.Run(bob.RequestAsync(new CountShouts())), Is.EqualTo(new Census(Sessions: 2, Shouts: 1)));
    }
}
