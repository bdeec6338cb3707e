using NetLoop.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

/// <summary>How many commands fit, which threads are woken, and the order in which commands run.</summary>
public sealed class CommandLimitTests
{
    private RecordingTarget _target = null!;
    private int _wakes;

    [SetUp]
    public void Begin()
    {
        _target = new RecordingTarget();
        _wakes = 0;
    }

    [Test]
    public void Write_WithRoom_WakesTheLoopEachTime()
    {
        CommandQueue commands = Create(maxItems: 2);
        Assert.That(commands.HasItems, Is.False);
        Assert.That(commands.Write(_target.Item(1)), Is.True);
        Assert.That(_wakes, Is.EqualTo(1));
        Assert.That(commands.HasItems, Is.True);
        Assert.That(commands.Write(_target.Item(2)), Is.True);
        Assert.That(_wakes, Is.EqualTo(2));
    }

    [Test]
    public void WriteWithoutWake_WithRoom_WakesNobody()
    {
        CommandQueue commands = Create(maxItems: 1);
        Assert.That(commands.WriteWithoutWake(_target.Item(1)), Is.True);
        Assert.That(_wakes, Is.Zero);
        Assert.That(commands.Drain(10), Is.EqualTo(1));
        Assert.That(_target.Done, Is.EqualTo(new[] { 1 }).AsCollection);
    }

    [Test]
    public void TryWrite_AtTheLimit_IsRejectedUntilThereIsRoom()
    {
        CommandQueue commands = Create(maxItems: 2);
        for (int round = 0; round < 2; round++)
        {
            Assert.That(commands.TryWrite(_target.Item(1)), Is.True);
            Assert.That(commands.TryWrite(_target.Item(2)), Is.True);
            Assert.That(commands.TryWrite(_target.Item(3)), Is.False);
            Assert.That(commands.Drain(1), Is.EqualTo(1));
            Assert.That(commands.TryWrite(_target.Item(4)), Is.True);
            Assert.That(commands.TryWrite(_target.Item(5)), Is.False);
            Assert.That(commands.Drain(10), Is.EqualTo(2));
        }

        Assert.That(_wakes, Is.EqualTo(6), "who is refused wakes nobody");
        Assert.That(_target.Done, Is.EqualTo(new[] { 1, 2, 4, 1, 2, 4 }).AsCollection);
    }

    [Test]
    public void Drain_MoreThanAllowed_LeavesTheRest()
    {
        CommandQueue commands = Create(maxItems: 10);
        for (int i = 0; i < 5; i++)
        {
            commands.TryWrite(_target.Item(i));
        }

        Assert.That(commands.Drain(0), Is.Zero);
        Assert.That(commands.Drain(2), Is.EqualTo(2));
        Assert.That(_target.Done, Is.EqualTo(new[] { 0, 1 }).AsCollection);
        Assert.That(commands.Drain(3), Is.EqualTo(3));
        Assert.That(commands.HasItems, Is.False);
        Assert.That(commands.Drain(1), Is.Zero);
        Assert.That(_target.Done, Is.EqualTo(Enumerable.Range(0, 5)).AsCollection);
    }

    [Test]
    public void Complete_WithItemsInside_RefusesFurtherOnesAndKeepsThose()
    {
        CommandQueue commands = Create(maxItems: 2);
        commands.Write(_target.Item(1));
        commands.Complete();
        Assert.That(commands.TryWrite(_target.Item(2)), Is.False);
        Assert.That(commands.Write(_target.Item(3)), Is.False);
        Assert.That(commands.WriteWithoutWake(_target.Item(4)), Is.False);
        Assert.That(commands.HasItems, Is.True);
        Assert.That(commands.Drain(10), Is.EqualTo(1));
        Assert.That(_target.Done, Is.EqualTo(new[] { 1 }).AsCollection);
    }

    [Test]
    public void Complete_WhileFull_RefusesWithoutWaiting()
    {
        CommandQueue commands = Create(maxItems: 1);
        commands.Write(_target.Item(1));
        commands.Complete();
        Assert.That(commands.Write(_target.Item(2)), Is.False);
    }

    [Test]
    public void Drain_NobodyWaitsAnyMore_CallsNobody()
    {
        var threads = new OneThread();
        var commands = new CommandQueue(maxItems: 1, wake: static () => { }, threads);
        for (int round = 1; round <= 3; round++)
        {
            Assert.That(commands.Write(_target.Item(1)), Is.True);
            threads.Waiting = () => commands.Drain(1);
            Assert.That(commands.Write(_target.Item(2)), Is.True);
            Assert.That((threads.Waits, threads.Pulses), Is.EqualTo((round, round)), "called by who made room");
            commands.Drain(10);
            Assert.That(threads.Pulses, Is.EqualTo(round), "nobody waits");
        }
    }

    [Test]
    public void Write_LoopThatWaitsForRoom_IsBlockedUntilThereIsSome()
    {
        CommandQueue full = Create(maxItems: 1);
        var own = new CommandQueue(maxItems: 10, wake: static () => { });
        full.QueueOfCaller = () => own;
        full.WriteWithoutWake(_target.Item(1));
        var loop = new Thread(() => full.Write(_target.Item(2)));
        loop.Start();
        WaitUntilBlocked(loop);
        Assert.That(_wakes, Is.EqualTo(1), "it looks again and again");
        Assert.That(full.Drain(1), Is.EqualTo(1));
        Assert.That(loop.Join(TestHost.Patience), Is.True);
        Assert.That(_wakes, Is.EqualTo(2));
        full.Drain(1);
        Assert.That(_target.Done, Is.EqualTo(new[] { 1, 2 }).AsCollection);
    }

    [Test]
    public void Write_LoopThatWaitsWhileItsOwnOutboxIsFull_DrainsThat()
    {
        var loopTarget = new RecordingTarget();
        CommandQueue full = Create(maxItems: 1);
        var own = new CommandQueue(maxItems: 1, wake: static () => { });
        full.QueueOfCaller = () => own;
        full.WriteWithoutWake(_target.Item(1));
        var loop = new Thread(() => full.Write(_target.Item(2)));
        loop.Start();
        for (int i = 0; i < 3; i++)
        {
            // The first command finds room; the others wait for the loop, which waits for the command queue that is not drained.
            WaitUntilBlocked(loop);
            int number = i;
            var writer = new Thread(() => own.Write(loopTarget.Item(number)));
            writer.Start();
            Assert.That(writer.Join(TestHost.Patience), Is.True, "the loop did not make room");
        }

        Assert.That(full.Drain(1), Is.EqualTo(1));
        Assert.That(loop.Join(TestHost.Patience), Is.True);
        own.Drain(10);
        Assert.That(loopTarget.Done, Is.EqualTo(new[] { 0, 1, 2 }).AsCollection);
    }

    [Test]
    public void Write_LoopThatWaits_PutsOffWhatMayNotRunInsideAHandler()
    {
        var inside = new RecordingTarget();
        var outside = new RecordingTarget { MayRunInsideHandler = false };
        CommandQueue full = Create(maxItems: 1);
        var own = new CommandQueue(maxItems: 4, wake: static () => { });
        full.QueueOfCaller = () => own;
        full.WriteWithoutWake(_target.Item(1));
        own.WriteWithoutWake(outside.Item(1));
        own.WriteWithoutWake(inside.Item(2));
        own.WriteWithoutWake(outside.Item(3));
        own.WriteWithoutWake(inside.Item(4));
        var loop = new Thread(() => full.Write(_target.Item(2)));
        loop.Start();
        WaitUntilBlocked(loop);
        full.Drain(1);
        Assert.That(loop.Join(TestHost.Patience), Is.True);
        Assert.That(inside.Done, Is.EqualTo(new[] { 2, 4 }).AsCollection);
        Assert.That(outside.Done, Is.Empty);
        Assert.That(own.HasItems, Is.True, "what was put off is forgotten");
        own.WriteWithoutWake(outside.Item(5));
        Assert.That(own.Drain(1), Is.EqualTo(1));
        Assert.That(outside.Done, Is.EqualTo(new[] { 1 }).AsCollection);
        Assert.That(own.Drain(10), Is.EqualTo(2));
        Assert.That(outside.Done, Is.EqualTo(new[] { 1, 3, 5 }).AsCollection);
        Assert.That(own.HasItems, Is.False);
    }

    [Test]
    public void Write_LoopThatWaits_PutsOffNoMoreThanTheOutboxHolds()
    {
        var outside = new RecordingTarget { MayRunInsideHandler = false };
        CommandQueue full = Create(maxItems: 1);
        var own = new CommandQueue(maxItems: 2, wake: static () => { });
        full.QueueOfCaller = () => own;
        full.WriteWithoutWake(_target.Item(0));
        for (int round = 0; round < 3; round++)
        {
            own.TryWrite(outside.Item(2 * round));
            own.TryWrite(outside.Item((2 * round) + 1));
            var loop = new Thread(() => full.Write(_target.Item(1)));
            loop.Start();
            WaitUntilBlocked(loop);
            full.Drain(1);
            Assert.That(loop.Join(TestHost.Patience), Is.True);
        }

        Assert.That(own.TryWrite(outside.Item(9)), Is.False, "two are put off and two are inside");
        Assert.That(own.Drain(10), Is.EqualTo(4));
        Assert.That(outside.Done, Is.EqualTo(Enumerable.Range(0, 4)).AsCollection);
    }

    private static void WaitUntilBlocked(Thread thread) =>
        Assert.That(SpinWait.SpinUntil(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, TestHost.Patience), Is.True, "it does not wait");

    private CommandQueue Create(int maxItems) => new(maxItems, () => Interlocked.Increment(ref _wakes));

    /// <summary>While a thread waits, this thread does what another one would do.</summary>
    private sealed class OneThread : IThreads
    {
        public Action? Waiting { get; set; }

        public int Waits { get; private set; }

        public int Pulses { get; private set; }

        public IStartedThread Start(string name, Action run) => throw new NotSupportedException();

        public void Wait(object monitor)
        {
            Waits++;
            Waiting?.Invoke();
        }

        public void PulseAll(object monitor) => Pulses++;
    }
}
