using NetLoop.Handlers;
using NetLoop.Hosting.Loop;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>Workers drain an offload queue while the loop adds to it.</summary>
internal static class OffloadScenarios
{
    [Scenario]
    public static void Offload_AddedWhileTheOnlyWorkerEnds_IsRun() => Run(count: 3, workers: 1, capacity: 3, timesStarted: 1);

    [Scenario]
    public static void Offload_TwoWorkers_RunEachOnce() => Run(count: 3, workers: 2, capacity: 3, timesStarted: 1);

    [Scenario]
    public static void Offload_PlacesComeBack_AsManyAsWereTaken() => Run(count: 4, workers: 1, capacity: 1, timesStarted: 1);

    /// <summary>A thread pool that throws may have taken the work nevertheless; it then gets the work twice.</summary>
    [Scenario]
    public static void Offload_WorkStartedTwice_DoesNotGoBeyondItsWorkers() => Run(count: 3, workers: 1, capacity: 3, timesStarted: 2);

    /// <summary>Work that the thread pool rejected is started later: by the timer, or when the loop ends.</summary>
    [Scenario]
    public static void WorkStarter_PoolThrows_StartsEachWhenItCan()
    {
        LoopCore core = Engine.CreateCore(HandlerMode.Loop, out _);
        var works = new Work[] { new(), new() };
        int refusals = 2;
        var starter = new WorkStarter(core, work =>
        {
            if (Interlocked.Decrement(ref refusals) >= 0)
            {
                throw new InvalidOperationException("no thread");
            }

            work.Execute();
        });
        Expect.AllEnd(
            () => starter.Start(works[0]),
            () => starter.Start(works[1]),
            () =>
            {
                ((ILoopParticipant)starter).OnIterationEnded();
                core.Transport.Timers.FireDue(long.MaxValue - 1, 10);
                ((ILoopParticipant)starter).OnIterationEnded();
            });
        for (int i = 0; i < 3; i++)
        {
            starter.End();
        }

        Expect.That(works.All(work => work.Runs == 1), string.Join(", ", works.Select(work => work.Runs)) + " runs");
    }

    private static void Run(int count, int workers, int capacity, int timesStarted)
    {
        var queue = new OffloadQueue(new OffloadOptions { Workers = workers, Capacity = capacity });
        var state = new State(queue, workers);
        var threads = new List<Thread>();
        void Start(IThreadPoolWorkItem work)
        {
            for (int i = 0; i < timesStarted; i++)
            {
                var thread = new Thread(work.Execute);
                lock (threads)
                {
                    threads.Add(thread);
                }

                thread.Start();
            }
        }

        for (int i = 0; i < count; i++)
        {
            while (!queue.TryReserve())
            {
                state.Places.Wait();
            }

            queue.Add(new Call(state), Start);
        }

        while (state.Ran < count)
        {
            state.Places.Wait();
        }

        for (int i = 0; i < threads.Count; i++)
        {
            threads[i].Join();
        }

        Expect.That(state.Ran == count, $"{state.Ran} of {count} ran");
        for (int i = 0; i < capacity; i++)
        {
            Expect.That(queue.TryReserve(), $"only {i} of {capacity} places came back");
        }

        Expect.That(!queue.TryReserve(), "more places came back than were taken");
    }

    private sealed class Work : IThreadPoolWorkItem
    {
        public int Runs { get; private set; }

        public void Execute() => Runs++;
    }

    private sealed class State(OffloadQueue queue, int workers)
    {
        private int _running;
        private int _ran;

        public Signal Places { get; } = new();

        public int Ran => Volatile.Read(ref _ran);

        public void Run()
        {
            Expect.That(Interlocked.Increment(ref _running) <= workers, "more workers than allowed");
            Interlocked.Increment(ref _ran);
            Interlocked.Decrement(ref _running);
            queue.Release();
            Places.Set();
        }
    }

    private sealed class Call(State state) : HandlerEnvelope
    {
        private int _runs;

        public override HandlerEntry Entry => throw new NotSupportedException();

        protected override Action<IThreadPoolWorkItem> Workers => throw new NotSupportedException();

        public override void RunOffloaded()
        {
            Expect.That(Interlocked.Increment(ref _runs) == 1, "run twice");
            state.Run();
        }

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
