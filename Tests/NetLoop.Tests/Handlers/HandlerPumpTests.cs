using NetLoop.Handlers;
using NetLoop.Messaging;
using NetLoop.Tests.Hosting;
using NetLoop.Time;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>Batches that are delivered partly or not at all, and which handler took longest.</summary>
public sealed class HandlerPumpTests
{
    private const long Step = 100;

    private readonly List<int> _delivered = [];
    private readonly List<int> _discarded = [];
    private ManualTimeProvider _time = null!;
    private RunningWork _work = null!;
    private Inbox _inbox = null!;
    private HandlerPump _pump = null!;
    private int _roomCalls;

    [SetUp]
    public void Create()
    {
        _delivered.Clear();
        _discarded.Clear();
        _roomCalls = 0;
        _time = new ManualTimeProvider();
        _work = new RunningWork();
        _inbox = new Inbox(maxMessages: 1000, maxBytes: 1000, () => _roomCalls++);
        _pump = new HandlerPump(_inbox, new LoopClock(_time), _work);
    }

    [Test]
    public void Run_TimeIsOverInABatch_DeliversOneAndGoesOnThere()
    {
        for (int round = 0; round < 2; round++)
        {
            Add(count: 6);
            long began = _time.GetTimestamp();
            _pump.Run(until: 0);
            Expect(delivered: 1, depth: 6, heldBytes: 42, isInBatch: true);
            _pump.Run(until: began + (3 * Step));
            Expect(delivered: 3, depth: 6, heldBytes: 42, isInBatch: true);
            _pump.Run(until: began + (3 * Step));
            Expect(delivered: 4, depth: 6, heldBytes: 42, isInBatch: true);
            _pump.Run(until: long.MaxValue);
            Expect(delivered: 6, depth: 0, heldBytes: 0, isInBatch: false);
            _delivered.Clear();
        }
    }

    [Test]
    public void Run_TimeIsOverAtTheEndOfABatch_LeavesTheNextOne()
    {
        Add(count: 2);
        Add(count: 2);
        _pump.Run(until: 2 * Step);
        Expect(delivered: 2, depth: 2, heldBytes: 14, isInBatch: false);
        _pump.Run(until: 3 * Step);
        Expect(delivered: 3, depth: 2, heldBytes: 14, isInBatch: true);
        _pump.Run(until: long.MaxValue);
        Expect(delivered: 4, depth: 0, heldBytes: 0, isInBatch: false);
    }

    [Test]
    public void Run_NothingThere_DoesNothing()
    {
        _pump.Run(until: long.MaxValue);
        Expect(delivered: 0, depth: 0, heldBytes: 0, isInBatch: false);
        Assert.That((_work.Name, _work.Count), Is.EqualTo((null as string, 0L)));
    }

    [Test]
    public void DiscardRest_PartOfABatchIsDelivered_DiscardsTheOthersOnceAndHoldsNothing()
    {
        for (int round = 0; round < 2; round++)
        {
            Add(count: 5);
            _pump.Run(until: 0);
            _pump.DiscardRest();
            Assert.That(_discarded, Is.EqualTo(Enumerable.Range(1, 4)).AsCollection);
            Expect(delivered: 1, depth: 0, heldBytes: 0, isInBatch: false);
            _pump.DiscardRest();
            Assert.That(_discarded, Has.Count.EqualTo(4));
            Assert.That(_inbox.Completed, Is.EqualTo(5 * (round + 1)));
            _delivered.Clear();
            _discarded.Clear();
        }

        Add(count: 3);
        _pump.Run(until: long.MaxValue);
        Expect(delivered: 3, depth: 0, heldBytes: 0, isInBatch: false);
    }

    [Test]
    public void DiscardRest_InboxWasFull_TellsThatThereIsRoom()
    {
        Add(count: 2, bytes: 500);
        Assert.That(_inbox.HasRoom, Is.False);
        _pump.Run(until: 0);
        Assert.That(_roomCalls, Is.Zero);
        _pump.DiscardRest();
        Assert.That(_roomCalls, Is.EqualTo(1));
        Assert.That(_inbox.HasRoom, Is.True);
    }

    [Test]
    public void Run_EnvelopeThrows_TheRestComesNextTimeAndIsCountedOnce()
    {
        _inbox.Add(new Call(this, 0, "Move", bytes: 7));
        _inbox.Add(new Call(this, 1, "Move", bytes: 7, () => throw new ThreadInterruptedException("thrown by a test")));
        _inbox.Add(new Call(this, 2, "Move", bytes: 7));
        _inbox.Publish();
        Assert.That(() => _pump.Run(until: long.MaxValue), Throws.TypeOf<ThreadInterruptedException>());
        Assert.That(_pump.IsInBatch, Is.True);
        _pump.Run(until: long.MaxValue);
        Assert.That(_delivered, Is.EqualTo(new[] { 0, 2 }).AsCollection);
        Assert.That((_inbox.Depth, _inbox.HeldBytes), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void SlowestHandler_SeveralRuns_IsThatWithMostOfTheTimeAfterTheDueTime()
    {
        _pump.Watch(due: 250);
        AddRun("Move", 0, 1);
        PublishAndRun();
        ExpectSlowest(null, overdue: 0, time: 0, count: 0);
        AddRun("Say", 2, 3, 4);
        AddRun(null, 5, 6, 7, 8, 9);
        AddRun("Move", 10, 11);
        PublishAndRun();
        ExpectSlowest("Say", overdue: 250, time: 300, count: 3);
        AddRun("Move", 12, 13, 14);
        PublishAndRun();
        ExpectSlowest("Move", overdue: 300, time: 300, count: 3);
        AddRun("Say", 15, 16, 17);
        PublishAndRun();
        ExpectSlowest("Move", overdue: 300, time: 300, count: 3);
    }

    [Test]
    public void Watch_NextTick_ForgetsTheSlowestOfTheLastOne()
    {
        _pump.Watch(due: 0);
        AddRun("Say", 0, 1, 2);
        PublishAndRun();
        ExpectSlowest("Say", overdue: 300, time: 300, count: 3);
        _pump.Watch(due: 450);
        ExpectSlowest(null, overdue: 0, time: 0, count: 0);
        AddRun("Move", 3, 4);
        PublishAndRun();
        ExpectSlowest("Move", overdue: 50, time: 200, count: 2);
    }

    [Test]
    public void Run_EachEnvelope_IsTheRunningWorkUntilItIsDone()
    {
        List<(string?, long)> seen = [];
        foreach (string? name in new[] { "Move", "Move", null, "Say" })
        {
            _inbox.Add(new Call(this, 0, name, bytes: 1, () => seen.Add((_work.Name, _work.Count))));
        }

        PublishAndRun();
        Assert.That(seen, Is.EqualTo(new (string?, long)[] { ("Move", 1), ("Move", 2), (null, 3), ("Say", 4) }).AsCollection);
        Assert.That(_work.Name, Is.Null);
    }

    /// <summary>Adds a batch in which each envelope takes one step.</summary>
    private void Add(int count, int bytes = 7)
    {
        for (int i = 0; i < count; i++)
        {
            _inbox.Add(new Call(this, i, "Move", bytes));
        }

        _inbox.Publish();
    }

    private void AddRun(string? name, params int[] numbers)
    {
        foreach (int number in numbers)
        {
            _inbox.Add(new Call(this, number, name, bytes: 0));
        }
    }

    private void PublishAndRun()
    {
        _inbox.Publish();
        _pump.Run(until: long.MaxValue);
    }

    private void Expect(int delivered, long depth, long heldBytes, bool isInBatch)
    {
        Assert.That(_delivered, Has.Count.EqualTo(delivered));
        Assert.That((_inbox.Depth, _inbox.HeldBytes, _pump.IsInBatch), Is.EqualTo((depth, heldBytes, isInBatch)));
    }

    private void ExpectSlowest(string? handler, long overdue, long time, int count) =>
        Assert.That((_pump.SlowestHandler, _pump.SlowestOverdue, _pump.SlowestTime, _pump.SlowestCount), Is.EqualTo((handler, overdue, time, count)));

    private sealed class Call : Envelope
    {
        private readonly HandlerPumpTests _tests;
        private readonly int _number;
        private readonly Action? _run;

        public Call(HandlerPumpTests tests, int number, string? handler, int bytes, Action? run = null)
        {
            _tests = tests;
            _number = number;
            _run = run;
            HandlerName = handler;
            ChargedBytes = bytes;
        }

        public override string? HandlerName { get; }

        public override void Deliver()
        {
            _tests._time.Advance(TimeSpan.FromTicks(Step / 100));
            _run?.Invoke();
            _tests._delivered.Add(_number);
        }

        public override void Discard() => _tests._discarded.Add(_number);
    }
}
