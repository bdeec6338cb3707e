using NUnit.Framework;
using NetLoop.Diagnostics;
using NetLoop.Hosting.Loop;
using NetLoop.Messaging;

namespace NetLoop.Tests.Hosting;

/// <summary>When the loop wakes the handler thread, and how that thread ends.</summary>
public sealed class HandlerThreadTests
{
    /// <summary>Nanoseconds for which a message may wait for those after it.</summary>
    private const long LongestWait = 100_000;

    private readonly SleepingPoller _sleep = new();
    private ManualTimeProvider _time = null!;
    private LoopCore _core = null!;
    private HandlerThread _thread = null!;

    [SetUp]
    public void Start()
    {
        _time = new ManualTimeProvider();
        _core = new LoopCore(new EventLoopOptions { TimeProvider = _time, HandlerMode = HandlerMode.Dedicated });
        _core.BindToThread();
        _sleep.Reset();
        _thread = new HandlerThread(_core, SystemThreads.Instance, _sleep, "handlers", static failure => throw failure);
        _sleep.AwaitSleep();
    }

    [TearDown]
    public void End()
    {
        if (!_sleep.IsDisposed)
        {
            Assert.That(_thread.TryEnd(long.MaxValue), Is.True);
        }

        _core.Dispose();
    }

    [Test]
    public void WakeIfItWaitedLong_NothingForIt_LetsItSleep()
    {
        Assert.That(_thread.IsOwedAWake, Is.False);
        Assert.That(_thread.WakeIfItWaitedLong(0), Is.False);
        Assert.That(_thread.WakeIfItWaitedLong(10 * LongestWait), Is.False);
        Assert.That(_sleep.Wakes, Is.Zero);
    }

    [Test]
    public void WakeIfItWaitedLong_ABatchForIt_WakesItAfterTheLongestWait()
    {
        for (int round = 0; round < 3; round++)
        {
            using var delivered = new ManualResetEventSlim();
            Publish(delivered.Set);
            long start = round * 5 * LongestWait;
            Assert.That(_thread.IsOwedAWake, Is.True);
            Assert.That(_thread.WakeIfItWaitedLong(start), Is.True);
            Assert.That(_thread.WakeIfItWaitedLong(start + LongestWait - 1), Is.True);
            Assert.That(_sleep.Wakes, Is.EqualTo(round));
            Assert.That(_thread.WakeIfItWaitedLong(start + LongestWait), Is.False);
            Assert.That(_sleep.Wakes, Is.EqualTo(round + 1));
            Assert.That(delivered.Wait(TestHost.Patience), Is.True);
            _sleep.AwaitSleep();
        }
    }

    [Test]
    public void WakeIfItWaitedLong_WokenBefore_CountsTheNextWaitFromItsBegin()
    {
        using var first = new ManualResetEventSlim();
        Publish(first.Set);
        Assert.That(_thread.WakeIfItWaitedLong(0), Is.True);
        _thread.Wake();
        Assert.That(first.Wait(TestHost.Patience), Is.True);
        _sleep.AwaitSleep();
        using var second = new ManualResetEventSlim();
        Publish(second.Set);
        Assert.That(_thread.WakeIfItWaitedLong(LongestWait - 1), Is.True);
        Assert.That(_thread.WakeIfItWaitedLong((2 * LongestWait) - 2), Is.True, "counted from the first wait");
        Assert.That(_thread.WakeIfItWaitedLong((2 * LongestWait) - 1), Is.False);
        Assert.That(second.Wait(TestHost.Patience), Is.True);
        _sleep.AwaitSleep();
    }

    [Test]
    public void Wake_ThreadThatSleeps_IsOneCallOfThePoller()
    {
        _sleep.Hold();
        _thread.Wake();
        _thread.Wake();
        _thread.Wake();
        Assert.That(_sleep.Wakes, Is.EqualTo(1));
        _sleep.LetGo();
        _sleep.AwaitSleep();
        _thread.Wake();
        Assert.That(_sleep.Wakes, Is.EqualTo(2));
        _sleep.AwaitSleep();
    }

    [Test]
    public void Wake_ThreadThatRuns_CallsNobody()
    {
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Publish(() =>
        {
            begun.Set();
            release.Wait();
        });
        _thread.Wake();
        Assert.That(begun.Wait(TestHost.Patience), Is.True);
        Publish(static () => { });
        Assert.That(_thread.IsOwedAWake, Is.False);
        _thread.Wake();
        Assert.That(_sleep.Wakes, Is.EqualTo(1));
        release.Set();
        _sleep.AwaitSleep();
        Assert.That(_core.Inbox.Depth, Is.Zero, "it fell asleep with something to do");
    }

    [Test]
    public void TryEnd_WithSomethingInside_DeliversItFirst()
    {
        int delivered = 0;
        Publish(() => delivered++);
        _core.Inbox.Add(new ActionEnvelope(() => delivered++));
        Assert.That(_thread.TryEnd(long.MaxValue), Is.True);
        Assert.That(delivered, Is.EqualTo(2));
        Assert.That(_sleep.IsDisposed, Is.True);
    }

    [Test]
    public void TryEnd_HandlerThatDoesNotReturn_GivesUpAtTheDeadline()
    {
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Publish(() =>
        {
            begun.Set();
            release.Wait();
        });
        _thread.Wake();
        Assert.That(begun.Wait(TestHost.Patience), Is.True);
        Assert.That(_thread.TryEnd(_core.Clock.ReadPrecise()), Is.False);
        Assert.That(_sleep.IsDisposed, Is.False, "the thread will wait in it");
        release.Set();
        Assert.That(_thread.TryEnd(long.MaxValue), Is.True);
    }

    private void Publish(Action deliver)
    {
        _core.Inbox.Add(new ActionEnvelope(deliver));
        _core.Inbox.Publish();
    }

    private sealed class ActionEnvelope(Action deliver) : Envelope
    {
        public override void Deliver() => deliver();

        public override void Discard()
        {
        }
    }

    /// <summary>A poller without sockets that reports when a thread has begun to sleep in it.</summary>
    private sealed class SleepingPoller : IPoller
    {
        private readonly object _monitor = new();
        private bool _isWoken;
        private bool _isHeld;
        private int _sleeps;
        private int _sleepsSeen;

        public int Wakes { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Reset()
        {
            lock (_monitor)
            {
                (_isWoken, _isHeld, _sleeps, _sleepsSeen, Wakes, IsDisposed) = (false, false, 0, 0, 0, false);
            }
        }

        /// <summary>Keeps who sleeps, also when it is woken.</summary>
        public void Hold()
        {
            lock (_monitor)
            {
                _isHeld = true;
            }
        }

        public void LetGo()
        {
            lock (_monitor)
            {
                _isHeld = false;
                Monitor.PulseAll(_monitor);
            }
        }

        /// <summary>Waits until a thread sleeps that did not when this method last returned.</summary>
        public void AwaitSleep()
        {
            lock (_monitor)
            {
                while (_sleeps == _sleepsSeen)
                {
                    Assert.That(Monitor.Wait(_monitor, TestHost.Patience), Is.True, "nobody sleeps");
                }

                _sleepsSeen = _sleeps;
            }
        }

        public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
        {
            lock (_monitor)
            {
                _sleeps++;
                Monitor.PulseAll(_monitor);
                while (!_isWoken || _isHeld)
                {
                    Monitor.Wait(_monitor);
                }

                _isWoken = false;
                return 0;
            }
        }

        public void Wake()
        {
            lock (_monitor)
            {
                Wakes++;
                _isWoken = true;
                Monitor.PulseAll(_monitor);
            }
        }

        public void Dispose() => IsDisposed = true;

        public SocketStatus Add(SocketHandle socket, Interest interest, Token token) => throw new NotSupportedException();

        public SocketStatus Modify(SocketHandle socket, Interest interest, Token token) => throw new NotSupportedException();

        public SocketStatus Remove(SocketHandle socket) => throw new NotSupportedException();
    }
}
