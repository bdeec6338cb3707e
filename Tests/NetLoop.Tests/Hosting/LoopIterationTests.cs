using NUnit.Framework;
using NetLoop.Hosting.Loop;
using NetLoop.Messaging;
using NetLoop.Tests.Transports;
using NetLoop.Time;
using NetLoop.Transports;
using NetLoop.Transports.Streams;

namespace NetLoop.Tests.Hosting;

/// <summary>What an iteration does, in which order and how much, and how long the next one waits. Only the test advances the time.</summary>
public sealed class LoopIterationTests
{
    private const long Millisecond = 1_000_000;

    private readonly List<string> _log = [];
    private ManualTimeProvider _time = null!;
    private EventPoller _poller = null!;
    private CollectingLoggerFactory _lines = null!;
    private LoopCore _core = null!;

    [SetUp]
    public void Clear()
    {
        _log.Clear();
        _time = new ManualTimeProvider();
        _poller = new EventPoller();
        _lines = new CollectingLoggerFactory();
    }

    [TearDown]
    public void DisposeLoop() => _core.Dispose();

    [Test]
    public void NextDue_NothingToDo_IsNever()
    {
        Create();
        RunTwice();
        Assert.That(_poller.Timeouts, Is.EqualTo(new[] { -1L, -1L }).AsCollection);
        Assert.That(_core.NextDue(), Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void NextDue_TimerFarAway_IsTheNextLookAfterASecond()
    {
        Create();
        _poller.OnWait = () => _time.Advance(Math.Max(0, _poller.Timeouts[^1]));
        _core.Transport.Timers.Schedule(5_000 * Millisecond, new Target(() => _log.Add("timer")));
        RunTimes(5);
        Assert.That(_log, Is.Empty);
        RunTwice();
        Assert.That(_log, Is.EqualTo(new[] { "timer" }));
        long second = 1_000 * Millisecond;
        Assert.That(
            _poller.Timeouts,
            Is.EqualTo(new[] { 0, second, second, second, second, second, -1 }).AsCollection,
            "the first, of a loop that never looked, is short; the last has no peers");
    }

    [Test]
    public void NextDue_TimerSoonerThanTheLook_IsTheTimer()
    {
        Create();
        _core.Transport.Timers.Schedule(5_000 * Millisecond, new Target(() => { }));
        RunTwice();
        _core.Transport.Timers.Schedule(300 * Millisecond, new Target(() => _log.Add("timer")));
        _core.RunIteration();
        Assert.That(_poller.Timeouts[^1], Is.EqualTo(300 * Millisecond));
        _time.Advance(TimeSpan.FromMilliseconds(299));
        _core.RunIteration();
        Assert.That(_log, Is.Empty);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _core.RunIteration();
        Assert.That(_log, Is.EqualTo(new[] { "timer" }));
    }

    [Test]
    public void NextDue_LoopStoodStill_TimerIsDueSoMuchLater()
    {
        Create();
        _core.Transport.Timers.Schedule(10_000 * Millisecond, new Target(() => _log.Add("timer")));
        RunTwice();
        _time.Advance(TimeSpan.FromSeconds(8.5)); // 7.5 s of these do not count.
        _core.RunIteration();
        Assert.That(_core.Clock.PeerTime, Is.EqualTo(1_000 * Millisecond));
        _core.RunIteration();
        Assert.That(_core.NextDue(), Is.EqualTo(9_500 * Millisecond), "the next look");
        for (int second = 0; second < 9; second++)
        {
            Assert.That(_log, Is.Empty, $"{second}");
            _time.Advance(TimeSpan.FromSeconds(1));
            _core.RunIteration();
        }

        Assert.That(_log, Is.EqualTo(new[] { "timer" }));
    }

    [Test]
    public void NextDue_TickOfTheGame_IsWhenItIsDue()
    {
        Create(o => o.TickRate = 50);
        RunTwice();
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _core.RunIteration();
        _time.Advance(TimeSpan.FromMilliseconds(15));
        _core.RunIteration();
        _core.RunIteration();
        Assert.That(_poller.Timeouts.Select(timeout => timeout / Millisecond), Is.EqualTo(new[] { 20, 20, 15, 0, 20 }).AsCollection);
        Assert.That(_core.Counters.Ticks, Is.EqualTo(1));
    }

    [Test]
    public void NextDue_WorkThatIsThere_IsAtOnce()
    {
        Create();
        Assert.That(_core.NextDue(), Is.EqualTo(long.MaxValue));
        _core.Inbox.Add(new Work(() => { }));
        Assert.That(_core.NextDue(), Is.Zero, "a message for handlers");
        RunTwice();
        Assert.That(_core.NextDue(), Is.EqualTo(long.MaxValue));
        _core.CommandQueue.TryWrite(new LoopCommand(new CommandTarget()));
        Assert.That(_core.NextDue(), Is.Zero, "a command");
        RunTwice();
        Assert.That(_core.NextDue(), Is.EqualTo(long.MaxValue));
        var connection = new StreamConnection(_core.Streams);
        _core.Transport.MarkUnwatched(connection);
        Assert.That(_core.NextDue(), Is.Zero, "a connection that the poller does not watch");
        _core.Transport.CloseDeadConnections();
        Assert.That(_core.NextDue(), Is.EqualTo(long.MaxValue));
        _core.Transport.MarkDirty(connection);
        Assert.That(_core.NextDue(), Is.Zero, "a connection that has something to send");
    }

    [Test]
    public void NextDue_HandlersElsewhereAreBusy_LooksForTheirSendsLessAndLessOften()
    {
        Create(o => o.HandlerMode = HandlerMode.Dedicated);
        var pump = _core.CreateDedicatedPump();
        for (int round = 0; round < 2; round++)
        {
            _core.RunIteration();
            Assert.That(_poller.Timeouts[^1], Is.EqualTo(-1L));
            _core.Inbox.Add(new Work(() => { }));
            _poller.Timeouts.Clear();
            RunTimes(9);
            Assert.That(_poller.Timeouts.Select(timeout => timeout / Millisecond), Is.EqualTo(new[] { 1, 2, 4, 8, 16, 32, 64, 64, 64 }).AsCollection);
            _core.CommandQueue.TryWrite(new LoopCommand(new CommandTarget()));
            _poller.Timeouts.Clear();
            RunTimes(4);
            Assert.That(
                _poller.Timeouts.Select(timeout => timeout / Millisecond),
                Is.EqualTo(new[] { 0, 1, 2, 4 }).AsCollection,
                "something came: soon there may be more");
            pump.Run(long.MaxValue);
            _core.RunIteration();
        }
    }

    [Test]
    public void RunIteration_MoreReadyThanATurnReads_HandlesAfterEach64()
    {
        Create();
        _poller.Events.Enqueue(Ready(200, _ => _core.Inbox.Add(new Work(() => _log.Add("handle")))));
        _core.RunIteration();
        Assert.That(Runs(), Is.EqualTo("64 read, 64 handle, 64 read, 64 handle, 64 read, 64 handle, 8 read, 8 handle"));
        Assert.That(_poller.Timeouts, Has.Count.EqualTo(1));
    }

    [Test]
    public void RunIteration_MoreMessagesThanATurnTakes_HandlesBeforeItReadsOn()
    {
        Create();
        _poller.Events.Enqueue(Ready(30, _ => AddWork(messages: 32)));
        _core.RunIteration();
        Assert.That(Runs(), Is.EqualTo("8 read, 8 handle, 8 read, 8 handle, 8 read, 8 handle, 6 read, 6 handle"), "256 messages a turn");
    }

    [Test]
    public void RunIteration_InboxIsFull_HandlesBeforeItReadsOn()
    {
        Create(o => o.MaxInboxMessages = 5);
        _poller.Events.Enqueue(Ready(12, _ => AddWork(messages: 1)));
        _core.RunIteration();
        Assert.That(Runs(), Is.EqualTo("5 read, 5 handle, 5 read, 5 handle, 2 read, 2 handle"));
    }

    [Test]
    public void RunIteration_ReadingTakesLong_Reads15AndGoesOnInTheNext()
    {
        Create();
        _poller.Events.Enqueue(Ready(40, _ => _time.Advance(TimeSpan.FromMilliseconds(1))));
        int[] readAfterEach = [15, 30, 40];
        foreach (int read in readAfterEach)
        {
            Assert.That(_core.NextDue() == 0, Is.EqualTo(read > 15), "what is left is work");
            _core.RunIteration();
            Assert.That(_log, Has.Count.EqualTo(read));
        }

        Assert.That(_poller.Timeouts, Has.Count.EqualTo(1), "it does not wait while something is left");
        Assert.That(_core.NextDue(), Is.EqualTo(long.MaxValue));
        _core.RunIteration();
        Assert.That(_log, Has.Count.EqualTo(40));
    }

    [TestCase(3_999_999, 2)]
    [TestCase(4_000_000, 1)]
    public void RunIteration_TurnIsOverAfter4Milliseconds_AndNotBefore(long firstTakes, int turns)
    {
        Create();
        _poller.Events.Enqueue(Ready(70, number =>
        {
            if (number == 63)
            {
                _time.Advance(firstTakes);
            }
        }));
        _core.RunIteration();
        Assert.That(_log, Has.Count.EqualTo(turns == 1 ? 64 : 70));
    }

    [Test]
    public void RunIteration_LoopIsBehindWithItsEvents_AcceptsAllTheSame()
    {
        Create();
        var acceptor = new Acceptor();
        Assert.That(
            Listener.TryRegister(_core.Transport, acceptor, _stack.NewSocket(), NetEndpoint.Tcp("127.0.0.1", 1), out Listener? listener),
            Is.EqualTo(SocketStatus.Ok));
        _poller.Events.Enqueue(Ready(40, _ => _time.Advance(TimeSpan.FromMilliseconds(1))));
        _core.RunIteration();
        Assert.That(_stack.AcceptCalls, Is.Zero, "nobody said that somebody waits there");
        _core.RunIteration();
        Assert.That(_stack.AcceptCalls, Is.EqualTo(1));
        _stack.Accepts.Enqueue(SocketStatus.Ok);
        _core.RunIteration();
        Assert.That(acceptor.Accepted, Is.EqualTo(1));
        listener!.Close();
    }

    [Test]
    public void RunIteration_ListenersAmongTheReady_ComeFirstAndOnce()
    {
        Create();
        ReadyEvent[] events = Ready(20, _ => { });
        for (int place = 3; place < events.Length; place += 5)
        {
            events[place] = new ReadyEvent(
                _core.Transport.Sockets.Add(new Entry(readiness => _log.Add($"accept {readiness}")), isListener: true), Readiness.Readable);
        }

        _poller.Events.Enqueue(events);
        _core.RunIteration();
        Assert.That(Runs(), Is.EqualTo("4 accept Readable, 16 read"));
    }

    [Test]
    public void RunIteration_EntryLeftBeforeItsTurn_IsPassedOver()
    {
        Create();
        ReadyEvent[] events = Ready(3, number =>
        {
            if (number == 0)
            {
                _core.Transport.Sockets.Remove(_poller.Delivered[1].Token);
            }
        });
        _poller.Events.Enqueue(events);
        _core.RunIteration();
        Assert.That(Runs(), Is.EqualTo("2 read"));
    }

    [Test]
    public void RunIteration_AcceptsStarved_IsOneLineUntilItHappensAgainLater()
    {
        Create();
        RunTwice();
        Assert.That(Starved(), Is.Empty);
        _core.Counters.AcceptsStarved++;
        RunTwice();
        Assert.That(Starved(), Has.Count.EqualTo(1));
        _core.Counters.AcceptsStarved++;
        RunTwice();
        Assert.That(Starved(), Has.Count.EqualTo(1), "within five seconds");
        _time.Advance(TimeSpan.FromSeconds(6));
        RunTwice();
        Assert.That(Starved(), Has.Count.EqualTo(1), "nothing happened since");
        _core.Counters.AcceptsStarved++;
        RunTwice();
        Assert.That(Starved(), Has.Count.EqualTo(2));
        Assert.That(Starved()[1], Does.EndWith("(1 similar message suppressed)"));
    }

    [Test]
    public void RunIteration_Phases_GoInTheirOrder()
    {
        Create(o => o.TickRate = 50);
        _core.Ticks.Add(_ => _log.Add("tick"));
        _core.Transport.Timers.Schedule(Millisecond, new Target(() => _log.Add("timer")));
        _core.Join(new Participant(() => _log.Add("end")));
        _core.CommandQueue.TryWrite(new LoopCommand(new CommandTarget(() => _log.Add("command"))));
        _poller.Events.Enqueue(Ready(1, _ => AddWork(messages: 1)));
        _time.Advance(TimeSpan.FromMilliseconds(20));
        _core.RunIteration();
        Assert.That(_log, Is.EqualTo(new[] { "read", "command", "handle", "timer", "tick", "end" }).AsCollection);
    }

    [Test]
    public void RunIteration_NothingButATickWasDue_TicksFirst()
    {
        Create(o => o.TickRate = 50);
        _core.Ticks.Add(_ => _log.Add("tick"));
        _core.Transport.Timers.Schedule(Millisecond, new Target(() => _log.Add("timer")));
        _core.CommandQueue.TryWrite(new LoopCommand(new CommandTarget(() => _log.Add("command"))));
        _time.Advance(TimeSpan.FromMilliseconds(20));
        _core.RunIteration();
        Assert.That(_log, Is.EqualTo(new[] { "tick", "command", "timer" }).AsCollection);
    }

    [Test]
    public void RunIteration_ParticipantLeavesInItsCall_TheOthersAreCalled()
    {
        Create();
        Participant[] participants = new Participant[3];
        for (int i = 0; i < participants.Length; i++)
        {
            int number = i;
            participants[i] = new Participant(() =>
            {
                _log.Add($"{number}");
                if (number > 0)
                {
                    _core.Leave(participants[number]);
                }
            });
            _core.Join(participants[i]);
        }

        RunTwice();
        Assert.That(_log, Is.EqualTo(new[] { "2", "1", "0", "0" }).AsCollection);
    }

    [TestCase(15_000_000, 4, 0.25)]
    [TestCase(15_000_300, 6, 0.25)]
    [TestCase(60_000_000, 20, 0.25)]
    [TestCase(30_000_000, 30, 0.5)]
    [TestCase(1_000_000, 4, 0.5)]
    public void RunIteration_TicksTakeMoreThanTheirShare_HandlersGetTheirsAfterwards(long tickTakes, int handled, double share)
    {
        Create(o =>
        {
            o.TickRate = 50;
            o.MinInputShare = share;
        });
        _core.Ticks.Add(_ => _time.Advance(tickTakes));
        _core.RunIteration();
        for (int i = 0; i < 50; i++)
        {
            _core.Inbox.Add(new Work(() =>
            {
                _log.Add("handle");
                _time.Advance(Millisecond);
            }));
        }

        _time.Advance(TimeSpan.FromMilliseconds(20));
        _core.RunIteration(); // The tick, and then the handlers in the remaining time.
        Assert.That(_log, Has.Count.EqualTo(handled));
    }

    [TestCase(10_000_000, 0)]
    [TestCase(10_000_100, 1)]
    public void RunIteration_TickLaterThanHalfAStep_IsALine(long late, int lines)
    {
        Create(o => o.TickRate = 50);
        List<double> measured = [];
        _core.OnLatenessMeasured = measured.Add;
        _core.RunIteration();
        _time.Advance(20_000_000 + late);
        _core.RunIteration();
        Assert.That(_lines.Lines.Count(line => line.Id == 1002), Is.EqualTo(lines));
        Assert.That(measured, Is.EqualTo(new[] { late / 1e9 }).AsCollection);
        Assert.That((_core.Lateness.Count, _core.Lateness.Max), Is.EqualTo((1L, late)));
        Assert.That((_core.Counters.Ticks, _core.Counters.TicksSkipped, _core.Services.Tick.Number), Is.EqualTo((1L, 0L, 1L)));
    }

    [Test]
    public void RunIteration_HandlersThreadIsBusyWithATick_SkippedOnesAreCountedAndSaid()
    {
        Create(o =>
        {
            o.TickRate = 50;
            o.MaxCatchUpTicks = 2;
            o.HandlerMode = HandlerMode.Dedicated;
        });
        List<long> ticks = [];
        _core.Ticks.Add(tick => ticks.Add(tick.Number));
        var pump = _core.CreateDedicatedPump();
        for (int step = 1; step <= 5; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            _core.RunIteration();
            Assert.That(_core.Services.Tick.Number, Is.EqualTo(step));
            Assert.That(_core.Counters.TicksSkipped, Is.EqualTo(Math.Max(0, step - 3)), "one with the thread, two owed");
        }

        Assert.That(
            _lines.Lines.Where(line => line.Id == 1017).Select(line => line.Text),
            Is.EqualTo(new[] { "1 ticks skipped: the handlers' thread is still busy with messages." }));
        pump.Run(long.MaxValue);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        _core.RunIteration();
        pump.Run(long.MaxValue);
        Assert.That(ticks, Is.EqualTo(new[] { 1L, 5L, 6L }).AsCollection);
        Assert.That((_core.Counters.Ticks, _core.Counters.TicksSkipped), Is.EqualTo((3L, 3L)));
    }

    [Test]
    public void DiscardInbox_MoreThanTheChannelHolds_DiscardsEachAndHoldsNothing()
    {
        Create(o => o.MaxInboxMessages = 1);
        for (int i = 0; i < 300; i++)
        {
            _core.Inbox.Add(new Work(() => _log.Add("handle"), () => _log.Add("discard")));
        }

        _core.DiscardInbox();
        Assert.That(Runs(), Is.EqualTo("300 discard"));
        Assert.That(_core.Inbox.Depth, Is.Zero);
    }

    [Test]
    public void IsWaiting_WhileThePollerWaits_AndNotElsewhere()
    {
        Create();
        List<bool> seen = [];
        _poller.OnWait = () => seen.Add(_core.IsWaiting);
        _poller.Events.Enqueue(Ready(1, _ => seen.Add(_core.IsWaiting)));
        RunTwice();
        Assert.That(seen, Is.EqualTo(new[] { true, false, true }).AsCollection);
        Assert.That(_core.Counters.Iterations, Is.EqualTo(2));
        Assert.That(_core.Counters.AllocatedBytes, Is.GreaterThan(0));
    }

    private FakeTransport _stack = null!;

    private void Create(Action<EventLoopOptions>? configure = null)
    {
        _stack = new FakeTransport { Poller = _poller };
        var options = new EventLoopOptions { TimeProvider = _time, Stack = _stack, LoggerFactory = _lines };
        configure?.Invoke(options);
        _core = new LoopCore(options);
        _core.BindToThread();
        _core.StartTicks();
    }

    private List<string> Starved() => [.. _lines.Lines.Where(line => line.Id == 1004).Select(line => line.Text)];

    private void RunTwice() => RunTimes(2);

    private void RunTimes(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _core.RunIteration();
        }
    }

    private void AddWork(int messages) => _core.Inbox.Add(new Work(() => _log.Add("handle"), null, messages));

    /// <summary>Creates events of this many sockets; reading each is recorded.</summary>
    private ReadyEvent[] Ready(int count, Action<int> onReady) =>
    [
        .. Enumerable.Range(0, count).Select(number => new ReadyEvent(
            _core.Transport.Sockets.Add(new Entry(_ =>
            {
                _log.Add("read");
                onReady(number);
            })),
            Readiness.Readable)),
    ];

    /// <summary>Returns the log, with equal neighboring entries counted.</summary>
    private string Runs()
    {
        List<string> runs = [];
        for (int i = 0, first = 0; i < _log.Count; i++)
        {
            if (i + 1 == _log.Count || _log[i + 1] != _log[i])
            {
                runs.Add($"{i + 1 - first} {_log[i]}");
                first = i + 1;
            }
        }

        return string.Join(", ", runs);
    }

    private sealed class Entry(Action<Readiness> onReady) : ISocketEntry
    {
        public void OnReady(Readiness readiness) => onReady(readiness);
    }

    private sealed class Target(Action onTimer) : ITimerTarget
    {
        public void OnTimer() => onTimer();
    }

    private sealed class Participant(Action onEnded) : ILoopParticipant
    {
        public void OnIterationEnded() => onEnded();
    }

    private sealed class CommandTarget(Action? onCommand = null) : ICommandTarget
    {
        public void OnCommand(in LoopCommand item) => onCommand?.Invoke();
    }

    private sealed class Acceptor : IAcceptor
    {
        public int Accepted { get; private set; }

        public bool HasRoom => true;

        public void OnAccepted(SocketHandle ownedSocket, in NetEndpoint remote) => Accepted++;
    }

    private sealed class Work : Envelope
    {
        private readonly Action _deliver;
        private readonly Action? _discard;

        public Work(Action deliver, Action? discard = null, int messages = 1)
        {
            _deliver = deliver;
            _discard = discard;
            Messages = messages;
        }

        public override void Deliver() => _deliver();

        public override void Discard() => _discard?.Invoke();
    }

    /// <summary>Returns the events of the test, and records how long each wait would have been.</summary>
    private sealed class EventPoller : IPoller
    {
        public Queue<ReadyEvent[]> Events { get; } = new();

        public ReadyEvent[] Delivered { get; private set; } = [];

        /// <summary>Nanoseconds; -1 for a wait without end.</summary>
        public List<long> Timeouts { get; } = [];

        public Action? OnWait { get; set; }

        public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
        {
            Timeouts.Add(timeoutNanoseconds);
            OnWait?.Invoke();
            if (!Events.TryDequeue(out ReadyEvent[]? next))
            {
                return 0;
            }

            Delivered = next;
            next.CopyTo(events);
            return next.Length;
        }

        public SocketStatus Add(SocketHandle socket, Interest interest, Token token) => SocketStatus.Ok;

        public SocketStatus Modify(SocketHandle socket, Interest interest, Token token) => SocketStatus.Ok;

        public SocketStatus Remove(SocketHandle socket) => SocketStatus.Ok;

        public void Wake()
        {
            // The loop's own flag records it.
        }

        public void Dispose()
        {
            // There is nothing to release.
        }
    }
}
