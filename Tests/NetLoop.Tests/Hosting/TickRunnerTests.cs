using NUnit.Framework;
using NetLoop.Hosting.Loop;
using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop.Tests.Hosting;

/// <summary>Consecutive ticks: numbers, times, and handlers that throw.</summary>
public sealed class TickRunnerTests
{
    private ManualTimeProvider _time = null!;
    private CollectingLoggerFactory _log = null!;
    private LoopCounters _counters = null!;
    private TickRunner _runner = null!;

    [SetUp]
    public void Create()
    {
        _time = new ManualTimeProvider();
        _log = new CollectingLoggerFactory();
        _counters = new LoopCounters();
        _runner = new TickRunner(new LoopClock(_time), _counters, _log) { Delta = TimeSpan.FromMilliseconds(20) };
    }

    [Test]
    public void Run_SeveralTicks_EachIsNumberedAndMeasured()
    {
        List<TickContext> ticks = [];
        List<double> measured = [];
        _runner.OnMeasured = measured.Add;
        _runner.Add(tick =>
        {
            ticks.Add(tick);
            _time.Advance(tick.Number * 1_000);
        });
        _runner.Run(firstTick: 5, count: 3);
        _runner.Run(firstTick: 8, count: 1);
        Assert.That(ticks, Is.EqualTo(new[] { 5, 6, 7, 8 }.Select(number => new TickContext(number, TimeSpan.FromMilliseconds(20)))));
        Assert.That(measured, Is.EqualTo(new[] { 5_000 / 1e9, 6_000 / 1e9, 7_000 / 1e9, 8_000 / 1e9 }).AsCollection);
        Assert.That((_runner.Durations.Count, _runner.Durations.Max, _runner.Durations.Mean), Is.EqualTo((4L, 8_000L, 6_500.0)));
    }

    [Test]
    public void Run_HandlerThrows_IsCountedAndTheOthersRun()
    {
        int after = 0;
        _runner.Add(_ => throw new InvalidOperationException("thrown by a test"));
        _runner.Add(_ => after++);
        _runner.Run(firstTick: 1, count: 3);
        Assert.That((after, _counters.HandlerFaults, Lines().Count), Is.EqualTo((3, 3L, 1)));
        _time.Advance(TimeSpan.FromSeconds(5));
        _runner.Run(firstTick: 4, count: 1);
        Assert.That(Lines(), Has.Count.EqualTo(2));
        Assert.That(Lines()[1], Does.Contain("threw at tick 4").And.EndsWith("(2 similar messages suppressed)"));
    }

    [Test]
    public void Run_InvariantIsBroken_Throws()
    {
        _runner.Add(_ => throw new InvariantViolationException("thrown by a test"));
        Assert.That(() => _runner.Run(1, 1), Throws.TypeOf<InvariantViolationException>());
        Assert.That(_counters.HandlerFaults, Is.Zero);
    }

    [Test]
    public void IsBehind_HandedOverAndDelivered_IsWhileOneIsMissing()
    {
        var envelope = new TickEnvelope(_runner);
        List<long> ticks = [];
        _runner.Add(tick => ticks.Add(tick.Number));
        for (int round = 0; round < 2; round++)
        {
            Assert.That(_runner.IsBehind, Is.False);
            _runner.MarkHandedOver();
            Assert.That(_runner.IsBehind, Is.True);
            envelope.Carry(10 * round, 2);
            envelope.Deliver();
            Assert.That(_runner.IsBehind, Is.False);
            _runner.MarkHandedOver();
            envelope.Discard();
        }

        Assert.That(_runner.IsBehind, Is.False);
        Assert.That(ticks, Is.EqualTo(new[] { 0L, 1L, 10L, 11L }).AsCollection);
        Assert.That((envelope.HandlerName, envelope.Messages, envelope.ChargedBytes), Is.EqualTo(("OnTick", 1, 0L)));
    }

    private List<string> Lines() => [.. _log.Lines.Where(line => line.Id == 1003).Select(line => line.Text)];
}
