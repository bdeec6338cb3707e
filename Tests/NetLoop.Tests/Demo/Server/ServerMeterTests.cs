using NetLoop.Demo.Server;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Server;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServerMeterTests
{
    private readonly ManualTime _time = new();
    private long _allocated;
    private long _messages;

    [Test]
    public void Summarize_FirstMessagesAllocate_CountsOnlyThoseAfterThem()
    {
        var meter = new ServerMeter(Statistics, () => 0, _time);
        Run(meter, messages: 1_000, allocated: 400_000);
        Run(meter, messages: 1_000, allocated: 3_000);

        Assert.That(meter.Summarize().AllocatedBytesPerMessage, Is.EqualTo(3));
    }

    [Test]
    public void Summarize_ServerIdlesBeforeItsFirstMessages_LeavesThemOutToo()
    {
        var meter = new ServerMeter(Statistics, () => 0, _time);
        Run(meter, messages: 0, allocated: 50_000);
        Run(meter, messages: 1_005, allocated: 400_000);

        Assert.That(meter.Summarize().AllocatedBytesPerMessage, Is.Null, "nothing came after them");
        Assert.That(meter.Summarize().ToLines(), Has.Some.Contain("; allocated -"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Sample_WithAndWithoutLost_SaysItOnceOrNever(bool withLost)
    {
        var meter = new ServerMeter(Statistics, () => 3, _time);
        Assert.That(meter.Sample(withLost).Line.Contains("lost 3", StringComparison.Ordinal), Is.EqualTo(withLost));
        Assert.That(meter.Sample(withLost).Rows.Count(row => row.Name == "messages lost"), Is.EqualTo(withLost ? 1 : 0));
    }

    private void Run(ServerMeter meter, long messages, long allocated)
    {
        _messages += messages;
        _allocated += allocated;
        _time.Now += WarmUp.Time;
        meter.Sample();
    }

    private LoopStatistics Statistics() => new()
    {
        AllocatedBytes = _allocated,
        BodiesIn = _messages,
        TickTime = new LatencyHistogram(),
        TickLateness = new LatencyHistogram(),
        PhaseTimes = Enum.GetValues<LoopPhase>().ToDictionary(phase => phase, _ => TimeSpan.Zero),
        ClosedByReason = new Dictionary<CloseReason, long>(),
    };

    private sealed class ManualTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
