using NUnit.Framework;
using NetLoop.Diagnostics;
using NetLoop.Hosting.Loop;

namespace NetLoop.Tests.Hosting;

/// <summary>The log line about a late tick names the cause, and nothing else.</summary>
public sealed class LateTickTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private ManualTimeProvider _time = null!;
    private CollectingLoggerFactory _log = null!;
    private Func<ProcessTimes>? _processTimes;
    private ProcessTimes _process;
    private NetServer _server = null!;

    [SetUp]
    public void CreateLoop()
    {
        _time = new ManualTimeProvider();
        _log = new CollectingLoggerFactory();
        _processTimes = null;
        _process = default;
    }

    [TearDown]
    public async Task DisposeLoop() => await _server.DisposeAsync();

    [Test]
    public void LateTick_TheLoopWokeLate_BlamesTheSystem()
    {
        Create();
        Run(Step);
        Run(Step + Ms(17));
        Assert.That(
            Line(), Is.EqualTo("Tick 2 started 17.0 ms late. The system did not run the loop in time: the machine was busy, or the process was suspended."));
    }

    [Test]
    public void LateTick_TheLoopWokeLateAfterAHandlerThatWasInTime_BlamesTheSystem()
    {
        Create(server => server.OnTick(tick => _time.Advance(tick.Number == 1 ? Ms(15) : default)));
        Run(Step);
        Run(Ms(5 + 17));
        Assert.That(Line(), Does.EndWith("the process was suspended."));
    }

    [Test]
    public void LateTick_SlowTick_NamesTheTick()
    {
        Create(server => server.OnTick(tick => _time.Advance(tick.Number == 1 ? Ms(50) : default)));
        Run(Step);
        Run(default);
        Assert.That(Line(), Is.EqualTo("Tick 3 started 30.0 ms late. The previous tick took 50.0 ms."));
    }

    [Test]
    public void LateTick_SlowContinuation_NamesWhatRanAtThatTime()
    {
        Create();
        Run(Step);
        PostToHandlers(Ms(12)); // In time.
        Run(default);
        PostToHandlers(Ms(19));
        Run(default);
        Assert.That(Line(), Is.EqualTo("Tick 2 started 11.0 ms late. The handler of continuation took 19.0 ms in 1 call."));
    }

    [Test]
    public void LateTick_SlowPostedAction_NamesPostedActions()
    {
        Create();
        Run(Step);
        Task.Run(() => _server.Post(() => _time.Advance(Ms(35)))).Wait();
        Run(default);
        Assert.That(Line(), Is.EqualTo("Tick 2 started 15.0 ms late. Phase Handle took 35.0 ms, most of it for posted actions and sends of other threads."));
    }

    [Test]
    public void LateTick_GarbageCollection_IsNamedBeforeThePhaseItFellInto()
    {
        _processTimes = () => _process;
        Create(server => server.OnTick(tick =>
        {
            if (tick.Number == 1)
            {
                _time.Advance(Ms(50));
                _process = new ProcessTimes(Ms(45), Ms(48));
            }
        }));
        Run(Step);
        Run(default);
        Assert.That(Line(), Is.EqualTo("Tick 3 started 30.0 ms late. The garbage collector paused the process for 45.0 ms."));
    }

    [Test]
    public void LateTick_ThePhaseHadNoProcessor_SaysSo()
    {
        _processTimes = () => _process;
        _process = new ProcessTimes(default, Ms(3));
        Create(server => server.OnTick(tick =>
        {
            if (tick.Number == 1)
            {
                _time.Advance(Ms(50));
                _process = new ProcessTimes(default, Ms(4));
            }
        }));
        Run(Step);
        Run(default);
        Assert.That(
            Line(),
            Is.EqualTo(
                "Tick 3 started 30.0 ms late. The previous tick took 50.0 ms. The process used only 1.0 ms of processor time meanwhile: it waited, or "
                    + "the system did not run it."));
    }

    [Test]
    public void LateTick_WorstOfTheSuppressed_IsInTheNextLine()
    {
        Create();
        Run(Step);
        Run(Step + Ms(12));
        Run(Step + Ms(1)); // 13 ms late.
        Run(Step + Ms(6)); // 19 ms late.
        Assert.That(_log.Lines.Count(line => line.Id == 1002), Is.EqualTo(1));
        for (int i = 0; i < 300; i++)
        {
            Run(i == 0 ? Ms(1) : Step);
        }

        Run(Step + Ms(11));
        string line = _log.Lines.Last(line => line.Id == 1002).Text;
        Assert.That(line, Does.Match(@"^Tick \d+ started 11\.0 ms late\. .*\(2 similar messages suppressed; "
            + @"the worst: tick 4 started 19\.0 ms late\. The system did not run the loop in time.*\)$"));
    }

    [Test]
    public void LateTick_MuchWorseThanTheLastLine_IsNotSuppressed()
    {
        Create();
        Run(Step);
        Run(Step + Ms(12));
        Run(Step + Ms(1000));
        Assert.That(_log.Lines.Count(line => line.Id == 1002), Is.EqualTo(2));
        Assert.That(_log.Lines.Last(line => line.Id == 1002).Text, Does.Contain("ticks were skipped."));
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Create(Action<NetServer>? configure = null)
    {
        _server = NetServer.Create(o =>
        {
            o.TickRate = 50;
            o.TimeProvider = _time;
            o.LoggerFactory = _log;
            o.ProcessTimes = _processTimes;
            o.ListenTcp("127.0.0.1", 0);
        });
        configure?.Invoke(_server);
        _server.Open();
        _server.Core.StartTicks();
    }

    private void PostToHandlers(TimeSpan cost) =>
        Task.Run(() => new LoopSynchronizationContext(_server.Core.Services).Post(_ => _time.Advance(cost), null)).Wait();

    private void Run(TimeSpan time)
    {
        _time.Advance(time);
        _server.Core.RunIteration();
    }

    private string Line() => _log.Lines.First(line => line.Id == 1002).Text;
}
