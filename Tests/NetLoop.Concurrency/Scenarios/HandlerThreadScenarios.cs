using NetLoop.Diagnostics;
using NetLoop.Hosting.Loop;
using NetLoop.Messaging;
using NetLoop.Sending;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>The handlers' thread falls asleep while the loop hands over messages.</summary>
internal static class HandlerThreadScenarios
{
    [Scenario]
    public static void HandlerThread_FallsAsleepWhileSomethingComes_IsWoken() =>
        Run(3, (thread, _) => thread.Wake());

    /// <summary>The loop does this before it waits: it may wait for more messages, but not for ever.</summary>
    [Scenario]
    public static void HandlerThread_OwedAWake_IsWokenWhenItWaitedLong() =>
        Run(3, (thread, core) =>
        {
            long now = core.Clock.Now;
            while (thread.WakeIfItWaitedLong(now))
            {
                now += 60_000;
            }
        });

    /// <summary>Messages cross from one thread to the other and back, through the loop's own iterations.</summary>
    [Scenario]
    public static void HandlerThread_AnswersThroughTheLoop_NobodySleepsForEver()
    {
        const int Count = 2;
        LoopCore core = Engine.CreateCore(HandlerMode.Dedicated, out MemoryNetwork network);
        var answers = new Answers(core);
        core.BindToThread();
        var thread = new HandlerThread(core, SystemThreads.Instance, network.CreatePoller(PollerKind.Auto), "handlers", failure => throw failure);
        core.HandlerThread = thread;
        for (int i = 0; i < Count; i++)
        {
            core.Inbox.Add(new CountedEnvelope(i, 0, answers.Send));
            core.Inbox.Publish();
            while (answers.Received <= i)
            {
                core.RunIteration();
            }
        }

        core.CommandQueue.Complete();
        thread.TryEnd(long.MaxValue);
        core.CommandQueue.Drain(int.MaxValue); // The last chunk, if it was closed after the loop had read it.
        Expect.That(core.Pool.Statistics.RentedLeases == 0, "leases are out");
    }

    private static void Run(int count, Action<HandlerThread, LoopCore> wake)
    {
        LoopCore core = Engine.CreateCore(HandlerMode.Dedicated, out MemoryNetwork network);
        var delivered = new Signal();
        var thread = new HandlerThread(core, SystemThreads.Instance, network.CreatePoller(PollerKind.Auto), "handlers", failure => throw failure);
        for (int i = 0; i < count; i++)
        {
            core.Inbox.Add(new CountedEnvelope(i, 0, _ => delivered.Set()));
            core.Inbox.Publish();
            wake(thread, core);
            if (i % 2 == 0)
            {
                delivered.Wait();
            }
        }

        thread.TryEnd(long.MaxValue);
        Expect.That(delivered.Count == count, $"{delivered.Count} of {count} were delivered");
    }

    private sealed class Answers(LoopCore core) : ISendTarget
    {
        public int Received { get; private set; }

        public void Send(int number)
        {
            ReadOnlySpan<byte> bytes = [(byte)number];
            var body = new EncodedBody(bytes);
            Expect.That(core.CommandQueue.HandlerSends!.TrySend(this, in body, 100, out _), "no chunk");
        }

        public void SendEncoded(ReadOnlySpan<byte> body, SendMode mode)
        {
            Expect.That(body[0] == Received, "another body");
            Received++;
        }
    }
}
