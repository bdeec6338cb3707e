using NetLoop.Messaging;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

public sealed class CommandQueueTests
{
    [Test]
    public void Drain_MoreThanAllowed_LeavesTheRestForTheNext()
    {
        var target = new CountingTarget();
        var commands = new CommandQueue(maxItems: 5, wake: () => { });
        for (int i = 0; i < 5; i++)
        {
            Assert.That(commands.TryWrite(Item(target)), Is.True);
        }

        Assert.That(commands.TryWrite(Item(target)), Is.False, "a sixth");
        (int Done, int Items)[] turns = [(2, 2), (2, 4), (1, 5), (0, 5)];
        foreach ((int done, int items) in turns)
        {
            Assert.That((commands.Drain(2), target.Items), Is.EqualTo((done, items)));
            Assert.That(commands.HasItems, Is.EqualTo(items < 5));
        }
    }

    [Test]
    public void Write_FullWhileTheThreadPoolIsBlocked_GoesOnWhenThereIsRoom()
    {
        // More than the number of threads that the pool starts while the test waits.
        const int Blockers = 1000;
        var target = new CountingTarget();
        using var wantsRoom = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var released = new CountdownEvent(Blockers);
        var commands = new CommandQueue(maxItems: 1, wake: wantsRoom.Set);
        Assert.That(commands.TryWrite(Item(target)), Is.True);
        wantsRoom.Reset();
        bool isWritten = false;
        var writer = new Thread(() => isWritten = commands.Write(Item(target)));
        writer.Start();
        Assert.That(wantsRoom.Wait(TestHost.Patience), Is.True);
        for (int i = 0; i < Blockers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    release.Wait();
                    released.Signal();
                },
                null);
        }

        try
        {
            WaitUntilBlocked(writer);
            commands.Drain(int.MaxValue);
            Assert.That(writer.Join(TestHost.Patience), Is.True, "the writer needs the thread pool");
        }
        finally
        {
            release.Set();
            released.Wait();
        }

        Assert.That(isWritten, Is.True);
        commands.Drain(int.MaxValue);
        Assert.That(target.Items, Is.EqualTo(2));
    }

    [Test]
    public void Drain_MoreWaitsThanAllowed_LeavesTheRest()
    {
        var target = new CountingTarget();
        var commands = new CommandQueue(maxItems: 8, wake: static () => { });
        for (int i = 0; i < 5; i++)
        {
            Assert.That(commands.TryWrite(Item(target)), Is.True);
        }

        Assert.That(commands.Drain(3), Is.EqualTo(3));
        Assert.That(target.Items, Is.EqualTo(3));
        Assert.That(commands.Drain(10), Is.EqualTo(2));
        Assert.That(target.Items, Is.EqualTo(5));
    }

    [Test]
    public void Write_ManyWritersAndOnePlace_EachItemArrivesOnce()
    {
        const int Writers = 4;
        const int ItemsEach = 500;
        var target = new CountingTarget();
        using var wake = new AutoResetEvent(false);
        var commands = new CommandQueue(maxItems: 1, wake: () => wake.Set());
        Thread[] writers = [.. Enumerable.Range(0, Writers).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < ItemsEach; i++)
            {
                commands.Write(Item(target));
            }
        }))];
        Array.ForEach(writers, writer => writer.Start());
        while (target.Items < Writers * ItemsEach)
        {
            Assert.That(wake.WaitOne(TestHost.Patience), Is.True, "a writer that waits was not called");
            commands.Drain(int.MaxValue);
        }

        Array.ForEach(writers, writer => writer.Join());
    }

    [Test]
    public void Complete_WhileAWriterWaits_TheWriteFails()
    {
        var target = new CountingTarget();
        using var wantsRoom = new ManualResetEventSlim();
        var commands = new CommandQueue(maxItems: 1, wake: wantsRoom.Set);
        commands.TryWrite(Item(target));
        wantsRoom.Reset();
        bool? isWritten = null;
        var writer = new Thread(() => isWritten = commands.Write(Item(target)));
        writer.Start();
        Assert.That(wantsRoom.Wait(TestHost.Patience), Is.True);
        WaitUntilBlocked(writer);
        commands.Complete();
        Assert.That(writer.Join(TestHost.Patience), Is.True);
        Assert.That(isWritten, Is.False);
    }

    private static void WaitUntilBlocked(Thread writer) =>
        Assert.That(SpinWait.SpinUntil(() => (writer.ThreadState & ThreadState.WaitSleepJoin) != 0, TestHost.Patience), Is.True);

    private static LoopCommand Item(CountingTarget target) => new(target);

    private sealed class CountingTarget : ICommandTarget
    {
        public int Items { get; private set; }

        public void OnCommand(in LoopCommand item) => Items++;
    }
}
