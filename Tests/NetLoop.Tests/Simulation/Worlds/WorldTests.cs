using NetLoop.Simulation;
using NetLoop.Worlds;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Worlds;

[Parallelizable]
internal sealed class WorldTests
{
    private static readonly WorldKind[] Kinds =
    [
        WorldKind.Swarm, WorldKind.Dense, WorldKind.Storm, WorldKind.Attack, WorldKind.Idle, WorldKind.Overload, WorldKind.Threads, WorldKind.Features,
        WorldKind.Udp, WorldKind.Datagrams, WorldKind.Links,
    ];

    [Test]
    public void Run_Canary_IsReported()
    {
        WorldResult result = World.Run(new WorldOptions(1, WorldKind.Canary));
        Assert.That(result.Violation?.Invariant, Is.EqualTo("I0"));
        Assert.That(result.Describe(), Does.StartWith("FAIL I0").And.Contain("netloop sim --seed 1 --world canary"));
    }

    [TestCaseSource(nameof(Kinds))]
    public void Run_SameSeed_HasTheSameHash(object kind)
    {
        var options = new WorldOptions(11, (WorldKind)kind) { Safety = TimeSpan.FromSeconds(2) };
        WorldResult first = World.Run(options);
        WorldResult second = World.Run(options);
        WorldResult other = World.Run(options with { Seed = 12 });
        Assert.That(first.ComparedWith(second).Violation, Is.Null);
        Assert.That(first.Hash, Is.Not.EqualTo(other.Hash));
        Assert.That(first.Messages, Is.GreaterThan(0));
    }

    /// <summary>The same with ten million messages: <c>netloop sim --world links --messages 10000000 --link ...</c></summary>
    [TestCase("loss=0.25,duplication=0.25,latency=1s,jitter=100ms")]
    [TestCase("loss=0.4,latency=20ms,jitter=5ms")]
    public void Run_LinksOverABadWire_LoseAndRepeatNothing(string text)
    {
        Assert.That(LinkText.TryParse(text, out LinkConditions? link, out _));
        var options = new WorldOptions(5, WorldKind.Links) { Messages = 100_000, Link = link };
        WorldResult result = World.Run(options);
        Assert.That(result.Violation, Is.Null, result.Describe());
        Assert.That(result.Messages, Is.EqualTo(options.Messages));
        Assert.That(result.Fired[(int)FaultClass.DatagramLoss], Is.GreaterThan(1_000));
    }

    [TestCase("loss=0.25,duplication=0.5,reordering=0.125,latency=1000ms,jitter=0.5ms,rate=64000")]
    [TestCase("loss=0")]
    public void LinkText_Format_ReadsBack(string text)
    {
        Assert.That(LinkText.TryParse(text, out LinkConditions? link, out _));
        Assert.That(LinkText.Format(link!), Is.EqualTo(text));
    }

    [TestCase("loss=0.95")]
    [TestCase("loss")]
    [TestCase("jitter=1")]
    [TestCase("latency=61s")]
    [TestCase("gravity=1")]
    public void LinkText_WrongWord_IsNamed(string text)
    {
        Assert.That(LinkText.TryParse("loss=0.1," + text, out _, out string? mistake), Is.False);
        Assert.That(mistake, Is.EqualTo(text));
    }

    [Test]
    public void Run_OneFaultClassLess_LeavesTheOthersWhereTheyWere()
    {
        var options = new WorldOptions(2, WorldKind.Swarm);
        string all = World.Describe(options);
        string fewer = World.Describe(options with { Faults = FaultFilter.All.Without(FaultClass.SendPartial) });
        string[] words = all.Split(' ');
        int name = Array.IndexOf(words, "send-partial");
        Assert.That(name, Is.Positive, "a seed that draws this fault");
        Assert.That(fewer.Split(' '), Is.EqualTo(words.Where((_, index) => index != name && index != name + 1)));
    }

    [Test]
    public void Run_UntilTick_StopsThere()
    {
        WorldResult result = World.Run(new WorldOptions(4, WorldKind.Swarm) { UntilTick = 30 });
        Assert.That(result.IsPartial);
        Assert.That(result.Ticks, Is.EqualTo(30));
    }

    [Test]
    public void Shrink_Canary_NeedsOneClientAndNoFault()
    {
        WorldResult failure = World.Run(new WorldOptions(1, WorldKind.Canary));
        WorldResult smallest = Shrinker.Shrink(failure, static _ => { }, CancellationToken.None);
        Assert.That(smallest.Violation?.Invariant, Is.EqualTo("I0"));
        Assert.That(smallest.Options.Clients, Is.EqualTo(1));
        Assert.That(smallest.Options.Safety, Is.LessThan(failure.VirtualTime / 1_000_000 * TimeSpan.FromMilliseconds(1)));
    }
}
