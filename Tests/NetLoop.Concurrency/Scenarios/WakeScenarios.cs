using Microsoft.Coyote.Rewriting;
using Microsoft.Coyote.Runtime;
using NetLoop.Hosting.Loop;
using NetLoop.Messaging;
using NetLoop.Stack.Linux;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>Other threads wake a loop that is about to wait.</summary>
internal static class WakeScenarios
{
    /// <summary>Through the whole loop: its flag, its wait, its poller.</summary>
    [Scenario]
    public static void Loop_WokenWhileItFallsAsleep_SeesWhatItWasWokenFor()
    {
        const int Each = 2;
        LoopCore core = Engine.CreateCore(HandlerMode.Loop, out _);
        var target = new Target();
        void Write()
        {
            for (int i = 0; i < Each; i++)
            {
                core.CommandQueue.Write(new LoopCommand(target));
            }
        }

        Expect.AllEnd(
            () =>
            {
                core.BindToThread();
                while (target.Items < 2 * Each)
                {
                    core.RunIteration();
                }
            },
            Write,
            Write);
    }

    /// <summary>A real eventfd of Linux: a wake that comes while it is read is not lost.</summary>
    [Scenario]
    public static void EventWaker_WokenWhileItIsDrained_WakesAgain()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var waker = new EventWaker();
        int written = 0;
        void Wake()
        {
            for (int i = 0; i < 2; i++)
            {
                Interlocked.Increment(ref written);
                waker.Wake();
            }
        }

        Expect.AllEnd(
            () =>
            {
                var descriptor = new ReadableDescriptor(waker.Descriptor);
                for (int seen = 0; seen < 4;)
                {
                    descriptor.Wait();
                    waker.Drain();
                    seen = Volatile.Read(ref written);
                }
            },
            Wake,
            Wake);
    }

    /// <summary>A late wake does not write to a descriptor that has been reused.</summary>
    [Scenario]
    public static void EventWaker_WokenWhileItIsDisposed_TouchesNobodyElse()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var waker = new EventWaker();
        EventWaker? next = null;
        Expect.AllEnd(waker.Wake, waker.Wake, () =>
        {
            waker.Dispose();
            next = new EventWaker();
        });
        bool isTouched = new ReadableDescriptor(next!.Descriptor).IsReadable;
        next.Dispose();
        Expect.That(!isTouched, "the wake went into another's descriptor");
    }

    private sealed class Target : ICommandTarget
    {
        public int Items { get; private set; }

        public void OnCommand(in LoopCommand item) => Items++;
    }

    [SkipRewriting("A call of the kernel is one step.")]
    private sealed unsafe class ReadableDescriptor(int descriptor)
    {
        public bool IsReadable
        {
            get
            {
                PollDescriptor poll = new() { Descriptor = descriptor, Events = 1 };
                TimeSpec now = new(0);
                return Libc.PPoll(&poll, 1, &now, null) == 1;
            }
        }

        public void Wait() => Operation.PauseUntil(Look);

        private bool Look() => IsReadable;
    }
}
