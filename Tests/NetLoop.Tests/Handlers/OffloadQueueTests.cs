using NetLoop.Handlers;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>Slots and workers of an offloaded handler; the test acts as the thread pool.</summary>
public sealed class OffloadQueueTests
{
    private readonly List<int> _ran = [];
    private readonly Queue<IThreadPoolWorkItem> _started = new();

    [SetUp]
    public void Clear()
    {
        _ran.Clear();
        _started.Clear();
    }

    [Test]
    public void TryReserve_AtTheCapacity_IsRejectedUntilAPlaceIsReleased()
    {
        OffloadQueue queue = Create(workers: 1, capacity: 2);
        for (int round = 0; round < 3; round++)
        {
            Assert.That(queue.TryReserve(), Is.True);
            Assert.That(queue.TryReserve(), Is.True);
            Assert.That(queue.TryReserve(), Is.False);
            Assert.That(queue.TryReserve(), Is.False, "a refusal takes no place");
            queue.Release();
            Assert.That(queue.TryReserve(), Is.True);
            Assert.That(queue.TryReserve(), Is.False);
            queue.Release();
            queue.Release();
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Add_ManyEnvelopes_StartsAsManyWorkersAsAllowed(int workers)
    {
        OffloadQueue queue = Create(workers, capacity: 10);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 5; i++)
            {
                Add(queue, i);
                Assert.That(_started, Has.Count.EqualTo(Math.Min(i + 1, workers)));
            }

            RunStarted();
            Assert.That(_ran, Is.EqualTo(Enumerable.Range(0, 5)).AsCollection);
            _ran.Clear();
        }
    }

    [Test]
    public void Execute_WorkerThatIsDone_IsStartedAgainForTheNext()
    {
        OffloadQueue queue = Create(workers: 1, capacity: 1);
        for (int i = 0; i < 3; i++)
        {
            Add(queue, i);
            Assert.That(_started, Has.Count.EqualTo(1));
            RunStarted();
            Assert.That(_ran, Has.Count.EqualTo(i + 1));
        }
    }

    [Test]
    public void Execute_EnvelopeAddedByTheHandler_RunsInTheSameWorker()
    {
        OffloadQueue queue = Create(workers: 1, capacity: 2);
        queue.TryReserve();
        queue.Add(new Call(() =>
        {
            _ran.Add(0);
            Add(queue, 1);
        }), _started.Enqueue);
        RunStarted();
        Assert.That(_ran, Is.EqualTo(new[] { 0, 1 }).AsCollection);
        Assert.That(_started, Is.Empty);
    }

    [Test]
    public void Execute_NotAskedFor_RunsNothing()
    {
        OffloadQueue queue = Create(workers: 2, capacity: 4);
        ((IThreadPoolWorkItem)queue).Execute();
        Add(queue, 0);
        IThreadPoolWorkItem worker = _started.Dequeue();
        worker.Execute();
        Assert.That(_ran, Is.EqualTo(new[] { 0 }).AsCollection);

        // The pool kept the work item although it threw, and got it a second time.
        worker.Execute();
        for (int i = 0; i < 3; i++)
        {
            Add(queue, i);
        }

        Assert.That(_started, Has.Count.EqualTo(2), "a worker that nobody asked for was counted");
    }

    [Test]
    public void Add_WithoutAPlace_IsABugOfTheEngine()
    {
        OffloadQueue queue = Create(workers: 1, capacity: 1);
        Add(queue, 0);
        Assert.That(() => Add(queue, 1), Throws.TypeOf<InvariantViolationException>());
    }

    [TestCase(0, 1)]
    [TestCase(1, 0)]
    [TestCase(-1, 1)]
    public void Create_LessThanOne_IsRejected(int workers, int capacity) =>
        Assert.That(() => Create(workers, capacity), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static OffloadQueue Create(int workers, int capacity) => new(new OffloadOptions { Workers = workers, Capacity = capacity });

    private void Add(OffloadQueue queue, int number) => queue.Add(new Call(() => _ran.Add(number)), _started.Enqueue);

    private void RunStarted()
    {
        while (_started.TryDequeue(out IThreadPoolWorkItem? worker))
        {
            worker.Execute();
        }
    }

    private sealed class Call(Action run) : HandlerEnvelope
    {
        public override HandlerEntry Entry => throw new NotSupportedException();

        protected override Action<IThreadPoolWorkItem> Workers => throw new NotSupportedException();

        public override void RunOffloaded() => run();

        public override void Discard()
        {
        }

        protected override void Run()
        {
        }

        protected override void Recycle()
        {
        }
    }
}
