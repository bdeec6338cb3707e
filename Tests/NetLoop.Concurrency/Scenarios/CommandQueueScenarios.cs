using Microsoft.Coyote.Runtime;
using NetLoop.Messaging;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>Other threads write to the command queue while the loop drains it.</summary>
internal static class CommandQueueScenarios
{
    [Scenario]
    public static void Outbox_FullOfTwoWriters_EachItemArrivesOnceInOrder()
    {
        const int Each = 2;
        var reader = new LoopSide(maxItems: 1);
        Expect.AllEnd(
            () => reader.DrainUntil(2 * Each),
            () => reader.Write(writer: 0, Each),
            () => reader.Write(writer: 1, Each));
    }

    [Scenario]
    public static void Outbox_CompletedWhileWritersWait_TellsThemAndKeepsWhatItTook()
    {
        var reader = new LoopSide(maxItems: 1);
        int taken = 0;
        void Write(int writer)
        {
            for (int i = 0; i < 2 && reader.CommandQueue.Write(reader.Item(writer, i)); i++)
            {
                Interlocked.Increment(ref taken);
            }
        }

        Expect.AllEnd(
            () =>
            {
                reader.DrainUntil(1);
                SchedulingPoint.Interleave();
                reader.CommandQueue.Complete();
            },
            () => Write(0),
            () => Write(1));
        reader.CommandQueue.Drain(int.MaxValue);
        Expect.That(!reader.CommandQueue.Write(reader.Item(2, 0)) && !reader.CommandQueue.TryWrite(reader.Item(2, 0)), "written after the end");
        Expect.That(reader.Done == taken, $"{taken} items were taken, {reader.Done} carried out");
    }

    [Scenario]
    public static void Outbox_LoopsThatWaitForEachOther_GoOn()
    {
        const int Each = 3;
        var first = new LoopSide(maxItems: 1);
        var second = new LoopSide(maxItems: 1);
        LoopSide.Pair(first, second);
        Expect.AllEnd(
            () => first.RunAsLoop(() => second.Write(writer: 0, Each), total: Each),
            () => second.RunAsLoop(() => first.Write(writer: 0, Each), total: Each));
    }

    [Scenario]
    public static void Outbox_LoopsThatWaitForEachOtherAndOthersForThem_GoOn()
    {
        var first = new LoopSide(maxItems: 1);
        var second = new LoopSide(maxItems: 1);
        LoopSide.Pair(first, second);
        Expect.AllEnd(
            () => first.RunAsLoop(() => second.Write(writer: 0, 2), total: 4),
            () => second.RunAsLoop(() => first.Write(writer: 0, 2), total: 4),
            () => first.Write(writer: 1, 2),
            () => second.Write(writer: 1, 2));
    }

    /// <summary>A loop that waits for room still drains its own queue, because others may need that to make room.</summary>
    [Scenario]
    public static void Outbox_LoopWaitsForOneThatWaitsForAWriterToIt_GoesOn()
    {
        var first = new LoopSide(maxItems: 1);
        var second = new LoopSide(maxItems: 1);
        LoopSide.Pair(first, second);
        var written = new Signal();
        Expect.AllEnd(
            () => first.RunAsLoop(() => second.Write(writer: 0, 2), total: 3),
            () => second.RunAsLoop(written.Wait, total: 2),
            () =>
            {
                first.Write(writer: 1, 3);
                written.Set();
            });
    }

    [Scenario]
    public static void Outbox_ItemsThatMayNotRunInsideAHandler_WaitForItsEnd()
    {
        var first = new LoopSide(maxItems: 1);
        var second = new LoopSide(maxItems: 1);
        LoopSide.Pair(first, second);
        first.MayRunInsideHandler = false;
        Expect.AllEnd(
            () => first.RunAsLoop(() => second.Write(writer: 0, 3), total: 2),
            () => second.RunAsLoop(() => first.Write(writer: 0, 2), total: 3));
    }

    /// <summary>One loop and its command queue.</summary>
    private sealed class LoopSide : ICommandTarget
    {
        private readonly Signal _wakes = new();
        private readonly int[] _next = new int[3];
        private readonly LoopCommand[] _none = [];
        private Thread? _thread;
        private bool _isInHandler;

        public LoopSide(int maxItems) => CommandQueue = new CommandQueue(maxItems, _wakes.Set);

        public CommandQueue CommandQueue { get; }

        public int Done { get; private set; }

        public bool MayRunInsideHandler { get; set; } = true;

        public static void Pair(LoopSide first, LoopSide second)
        {
            CommandQueue? OfCaller() =>
                Thread.CurrentThread == first._thread ? first.CommandQueue : Thread.CurrentThread == second._thread ? second.CommandQueue : null;
            first.CommandQueue.QueueOfCaller = OfCaller;
            second.CommandQueue.QueueOfCaller = OfCaller;
        }

        public LoopCommand Item(int writer, int number) => new(this, writer) { BodyBytes = number };

        public void Write(int writer, int count)
        {
            for (int i = 0; i < count; i++)
            {
                Expect.That(CommandQueue.Write(Item(writer, i)), "not taken");
            }
        }

        public void DrainUntil(int total)
        {
            while (Done < total)
            {
                _wakes.Wait();
                while (CommandQueue.HasItems)
                {
                    CommandQueue.Drain(1);
                }
            }
        }

        public void RunAsLoop(Action handler, int total)
        {
            Volatile.Write(ref _thread, Thread.CurrentThread);
            _isInHandler = true;
            handler();
            _isInHandler = false;
            CommandQueue.Drain(int.MaxValue);
            DrainUntil(total);
        }

        void ICommandTarget.OnCommand(in LoopCommand item)
        {
            Expect.That(MayRunInsideHandler || !_isInHandler, "carried out in the middle of a handler");
            Expect.That(item.BodyBytes == _next[item.Kind], $"item {item.BodyBytes} of writer {item.Kind} came instead of {_next[item.Kind]}");
            _next[item.Kind]++;
            Done++;
        }
    }
}
