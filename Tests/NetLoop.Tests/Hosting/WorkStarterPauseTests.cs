using NUnit.Framework;
using NetLoop.Hosting.Loop;

namespace NetLoop.Tests.Hosting;

/// <summary>When work that the thread pool rejected is tried again; the test acts as the loop and the pool.</summary>
public sealed class WorkStarterPauseTests
{
    private readonly List<IThreadPoolWorkItem> _started = [];
    private ManualTimeProvider _time = null!;
    private LoopCore _core = null!;
    private WorkStarter _starter = null!;
    private int _refusals;
    private int _tries;

    private int Timers => _core.Transport.Timers.Count;

    [SetUp]
    public void Create()
    {
        _started.Clear();
        _refusals = 0;
        _tries = 0;
        _time = new ManualTimeProvider();
        _core = new LoopCore(new EventLoopOptions { TimeProvider = _time });
        _core.Transport.TakeWake();
        _starter = new WorkStarter(_core, work =>
        {
            _tries++;
            if (_refusals > 0)
            {
                _refusals--;
                throw new InsufficientMemoryException("thrown by a test");
            }

            _started.Add(work);
        });
    }

    [TearDown]
    public void Dispose() => _core.Dispose();

    [Test]
    public void Start_PoolTakesIt_LeavesTheLoopAlone()
    {
        var work = new Work();
        _starter.Start(work);
        EndIteration();
        Assert.That(_started, Is.EqualTo(new[] { work }));
        Assert.That(_core.Transport.TakeWake(), Is.False);
        Assert.That(Timers, Is.Zero);
    }

    [Test]
    public void Start_PoolRefuses_WakesTheLoopAndTriesAfterThePause()
    {
        for (int round = 0; round < 2; round++)
        {
            _started.Clear();
            _refusals = 1;
            var work = new Work();
            _starter.Start(work);
            Assert.That(_core.Transport.TakeWake(), Is.True);
            EndIteration();
            EndIteration();
            Assert.That(Timers, Is.EqualTo(1), "one timer, however many iterations");
            Advance(9.999);
            Assert.That(_started, Is.Empty);
            Advance(0.001);
            Assert.That(_started, Is.EqualTo(new[] { work }));
            EndIteration();
            Assert.That(Timers, Is.Zero);
        }
    }

    [Test]
    public void Start_PoolRefusesAgainAndAgain_PausesGrowToASecondAndBeginAnew()
    {
        _refusals = 10;
        _starter.Start(new Work());
        double[] pauses = [10, 20, 40, 80, 160, 320, 640, 1000, 1000];
        foreach (double pause in pauses)
        {
            int before = _tries;
            EndIteration();
            Advance(pause - 0.001);
            Assert.That(_tries, Is.EqualTo(before), $"before {pause} ms");
            Advance(0.001);
            Assert.That(_tries, Is.EqualTo(before + 1), $"after {pause} ms");
        }

        Assert.That(_started, Is.Empty);
        EndIteration();
        Advance(1000);
        Assert.That(_started, Has.Count.EqualTo(1));

        _refusals = 1;
        _starter.Start(new Work());
        EndIteration();
        Advance(10);
        Assert.That(_started, Has.Count.EqualTo(2), "the pause is a short one again");
    }

    [Test]
    public void Start_SeveralRefused_AreStartedTogetherInTheirOrder()
    {
        Work[] works = [new(), new(), new()];
        _refusals = works.Length;
        Array.ForEach(works, _starter.Start);
        EndIteration();
        Advance(10);
        Assert.That(_started, Is.EqualTo(works).AsCollection);
    }

    [Test]
    public void OnTimer_FirstIsRejectedAgain_TriesNoOther()
    {
        Work[] works = [new(), new()];
        _refusals = 3;
        Array.ForEach(works, _starter.Start);
        EndIteration();
        Advance(10);
        Assert.That(_tries, Is.EqualTo(3));
        EndIteration();
        Advance(20);
        Assert.That(_started, Is.EquivalentTo(works));
        EndIteration();
        Assert.That(Timers, Is.Zero);
    }

    [Test]
    public void End_WithWorkKept_TriesALastTimeAndLeavesNoTimer()
    {
        _refusals = 1;
        var work = new Work();
        _starter.Start(work);
        EndIteration();
        Assert.That(Timers, Is.EqualTo(1));
        _starter.End();
        Assert.That(_started, Is.EqualTo(new[] { work }));
        Assert.That(Timers, Is.Zero);
        _refusals = 1;
        _starter.Start(new Work());
        EndIteration();
        Assert.That(Timers, Is.Zero, "a timer of a loop that has ended");
    }

    private void EndIteration() => ((ILoopParticipant)_starter).OnIterationEnded();

    private void Advance(double milliseconds)
    {
        _time.Advance(TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond)));
        _core.Clock.Refresh();
        _core.Transport.Timers.FireDue(_core.Clock.PeerTime, 10);
    }

    private sealed class Work : IThreadPoolWorkItem
    {
        public void Execute()
        {
        }
    }
}
