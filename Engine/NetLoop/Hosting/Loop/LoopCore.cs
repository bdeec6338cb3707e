using Microsoft.Extensions.Logging;
using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Handlers;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NetLoop.Stack.Linux;
using NetLoop.Time;
using NetLoop.Transports;
using NetLoop.Transports.Datagrams;
using NetLoop.Transports.Streams;

namespace NetLoop.Hosting.Loop;

/// <summary>The nine phases of a loop. A thread or a simulation calls <see cref="RunIteration"/>.</summary>
/// <remarks>Thread: the one that runs the iterations, bound by <see cref="BindToThread"/>.</remarks>
internal sealed class LoopCore : IDisposable
{
    /// <summary>
    /// How long, in nanoseconds, to wait before checking for sends of a handler that is still running on another thread; doubles after each
    /// empty check.
    /// </summary>
    private const long MinSendCheckInterval = 1_000_000;
    private const long MaxSendCheckInterval = 64_000_000;

    /// <summary>A tick that begins later than this many tick lengths after its time is reported.</summary>
    private const double LateAfterTicks = 0.5;

    /// <summary>Replaces an event that has been handled: its token finds nothing.</summary>
    private static readonly ReadyEvent Taken = new(new Token(-1, 0), default);

    private readonly EventLoopOptions _options;
    private readonly IPoller _poller;
    private readonly AdaptiveWait _wait;
    private readonly ReadyEvent[] _events = new ReadyEvent[IterationBudget.MaxEvents];
    private readonly Lazy<DatagramLoop> _datagrams;
    private readonly HandlerPump? _pump;
    private readonly HandlerSends? _sends;
    private readonly TickEnvelope _tickEnvelope;
    private readonly PhaseClock _phases = new();
    private readonly List<ILoopParticipant> _participants = [];
    private TickSchedule? _ticks;
    private readonly LateTickLog _lateTicks;
    private LogLimiter _starvedLines;
    private FaultLimiter _framerFaultLines;
    private long _starvedSeen;
    private bool _isWaiting = true;
    private int _eventCount;
    private int _nextEvent;
    private int _readInBatch;
    private long _inputEnds;

    // Nanoseconds spent on timers, ticks and sends since input was last handled.
    private long _otherTime;

    // The number of messages added to the inbox when bytes were last borrowed.
    private long _borrowers;
    private int _owedTicks;
    private long _sendCheckInterval = MinSendCheckInterval;

    public LoopCore(EventLoopOptions options)
    {
        _options = options;
        Logger = CreateLogger("NetLoop.Loop");
        ServerLogger = CreateLogger("NetLoop.Server");
        INetworkStack stack = options.Stack ?? NetworkStack.CreateDefault(options.Poller);
        _poller = stack.CreatePoller(options.Poller);
        Clock = new LoopClock(options.TimeProvider);
        Clock.Refresh();
        Counters = new LoopCounters();
        Pool = new BufferPool(new BufferPoolOptions
        {
            MaxBytes = options.MaxBufferBytes,
            Diagnostics = options.BufferDiagnostics,
            SlabBytes = options.SlabBytes,
            Source = options.Slabs ?? new PinnedSlabs(OperatingSystem.IsLinux() ? PageMemory.TryVacate : null),
        });
        Transport = new ConnectionSet(stack, _poller, Clock, new TimerQueue(), Pool, Counters)
        {
            MaxActiveConnections = options.MaxActiveConnections,
            QuietTime = options.QuietTime,
        };
        Streams = new StreamConnectionPool(Transport);
        _datagrams = new Lazy<DatagramLoop>(
            () => new DatagramLoop(Transport, options.TimeProvider, options.Entropy), LazyThreadSafetyMode.None);
        _wait = new AdaptiveWait(Transport, options, options.TimePasses ?? ReferenceEquals(options.TimeProvider, TimeProvider.System));
        Inbox = new Inbox(options.MaxInboxMessages, options.MaxInboxBytes, Transport.Wake);
        CommandQueue = new CommandQueue(options.MaxQueuedCommands, Transport.Wake, options.Threads);
        Workers = new WorkStarter(this, options.Workers);
        Join(Workers);
        Services = new LoopServices(Transport, Inbox, CommandQueue, options.Entropy, CreateLogger("NetLoop.Sessions"), Workers.Start)
        {
            HandlerLogger = CreateLogger("NetLoop.Handlers"),
            Tick = options.Tick,
            LoopIndex = options.LoopIndex,
            Lender = options.HandlerMode == HandlerMode.Loop ? Transport.Scratch : null,
        };
        Ticks = new TickRunner(Clock, Counters, Services.HandlerLogger);
        _tickEnvelope = new TickEnvelope(Ticks);
        if (options.HandlerMode == HandlerMode.Loop)
        {
            _pump = new HandlerPump(Inbox, Clock, Services.Work);
        }
        else
        {
            _sends = new HandlerSends(CommandQueue, Pool, Transport.Wake);
        }

        bool isSystemTime = ReferenceEquals(options.TimeProvider, TimeProvider.System);
        _lateTicks = new LateTickLog(Logger, _phases, _pump, options.ProcessTimes ?? (isSystemTime ? ProcessTimes.Read : null));

        GuardedLogger CreateLogger(string category) => new(options.LoggerFactory?.CreateLogger(category) ?? StandardErrorLog.Instance);
    }

    public LoopClock Clock { get; }

    /// <summary>Logs late ticks, stalls, and failures of the loop.</summary>
    public ILogger Logger { get; }

    /// <summary>Logs listeners, rejected connections, and stops.</summary>
    public ILogger ServerLogger { get; }

    public LoopCounters Counters { get; }

    public BufferPool Pool { get; }

    /// <summary>The thread that runs handlers in <see cref="HandlerMode.Dedicated"/>; null if they run on the loop or in a simulation.</summary>
    public HandlerThread? HandlerThread { get; set; }

    public ConnectionSet Transport { get; }

    /// <summary>The memory of its datagram sockets. Thread: loop.</summary>
    public DatagramLoop Datagrams => _datagrams.Value;

    /// <summary>The objects of its stream connections. Thread: loop.</summary>
    public StreamConnectionPool Streams { get; }

    public Inbox Inbox { get; }

    public CommandQueue CommandQueue { get; }

    public LoopServices Services { get; }

    /// <summary>Starts work that must not run on the loop's threads.</summary>
    public WorkStarter Workers { get; }

    public TickRunner Ticks { get; }

    /// <summary>How late each tick began.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>Measured lateness, for the meter; in seconds.</summary>
    public Action<double>? OnLatenessMeasured { get; set; }

    /// <summary>Time spent in each phase, in nanoseconds, by <see cref="LoopPhase"/>.</summary>
    public ReadOnlySpan<long> PhaseTotals => _phases.Totals;

    /// <summary>Whether the loop waits in the poller, or has not started. Thread: any.</summary>
    public bool IsWaiting => Volatile.Read(ref _isWaiting);

    /// <summary>The due time of the next tick, in nanoseconds of the loop clock; <see cref="long.MaxValue"/> without ticks.</summary>
    private long NextTick => _ticks?.NextDue ?? long.MaxValue;

    /// <summary>Whether a peer may send something, or a deadline of a peer is running.</summary>
    private bool HasPeers => Transport.ConnectionCount > 0 || Transport.Timers.Count > 0;

    private bool MayHandlersSend => _sends is not null && Inbox.Depth > 0;

    /// <summary>Ends a wait of the loop. Thread: any.</summary>
    public void Wake() => Transport.Wake();

    public void Join(ILoopParticipant participant) => _participants.Add(participant);

    public void Leave(ILoopParticipant participant) => _participants.Remove(participant);

    /// <summary>Creates the pump for handlers on another thread.</summary>
    public HandlerPump CreateDedicatedPump() => new(Inbox, Clock, Services.Work, _sends);

    /// <summary>Makes the calling thread the loop thread.</summary>
    public void BindToThread()
    {
        Services.BindToThread();
        if (_pump is not null)
        {
            Services.Work.BindToThread();
        }
    }

    /// <summary>Starts the ticks; the first one is due one step from now.</summary>
    public void StartTicks()
    {
        if (_options.TickRate > 0)
        {
            _ticks = new TickSchedule(_options.TickRate, Clock.Refresh(), _options.MaxCatchUpTicks);
            Ticks.Delta = TimeSpan.FromTicks(_ticks.StepNanoseconds / 100);
            _lateTicks.Watch(_ticks.NextDue);
        }
    }

    /// <summary>Runs one iteration of the loop.</summary>
    public void RunIteration()
    {
        _phases.Begin(Clock.Refresh());
        if (_nextEvent == _eventCount)
        {
            Wait();
            if (_eventCount == 0)
            {
                RunTicks(); // The tick that ended the wait must not wait for phases that have nothing to do.
                _otherTime += Math.Max(0, _phases.Mark - Clock.Now);
            }

            AcceptReported();
        }
        else
        {
            // The loop is behind, and the next poll may be far away.
            Transport.AcceptPending();
        }

        _phases.End(LoopPhase.Accept, Clock.ReadPrecise());
        _inputEnds = InputEnd();
        do
        {
            Receive();
            Handle();
            Reply();
        }
        while (_nextEvent < _eventCount && Clock.ReadPrecise() < _inputEnds);

        FireTimers();
        RunTicks();
        Flush(until: long.MaxValue);
        Close();
        _otherTime = _phases.Mark - Clock.Now;
        Counters.Iterations++;
        for (int i = _participants.Count - 1; i >= 0; i--)
        {
            _participants[i].OnIterationEnded();
        }
    }

    /// <summary>
    /// The time at which the next iteration has work even if no socket becomes ready, in nanoseconds of the loop clock: 0 for at once, <see
    /// cref="long.MaxValue"/> for never.
    /// </summary>
    public long NextDue()
    {
        // There is work already, so poll without waiting. A connection may die after the Close phase, because of a participant at the end of an iteration;
        // nothing else would wake the loop to close it.
        if (Transport.HasDirty
            || Transport.HasUnread
            || Transport.DeadCount > 0
            || _nextEvent < _eventCount
            || CommandQueue.HasItems
            || (_pump is not null && Inbox.Depth > 0))
        {
            return 0;
        }

        long due = Math.Min(Clock.FromPeerTime(Transport.Timers.NextDue), NextTick);
        if (HasPeers)
        {
            due = Math.Min(due, Clock.LookBy);
        }

        // Handlers on other threads wake the loop when they have finished. If one blocks, its earlier sends must not be held back.
        return MayHandlersSend ? Math.Min(due, Clock.Now + _sendCheckInterval) : due;
    }

    /// <summary>Delivers or discards the remaining messages, when no further iteration and no other reader follows.</summary>
    public void DiscardInbox()
    {
        _pump?.DiscardRest();
        Inbox.Publish();
        while (Inbox.TryTake(out EnvelopeBatch? batch))
        {
            foreach (Envelope envelope in batch.Envelopes)
            {
                envelope.Discard();
            }

            Inbox.Done(batch, 0);
            Inbox.Publish();
        }
    }

    public void Dispose()
    {
        foreach (ISharedSocket socket in Transport.SharedSockets)
        {
            socket.Close();
        }

        Transport.SharedSockets.Clear();
        _poller.Dispose();
    }

    /// <summary>
    /// The time at which receiving, handling and replying stop. If the other phases took more than their part of a step, input gets its share of the time
    /// that they took, even if a tick is late meanwhile. Otherwise the clients whose load makes ticks late could not even leave.
    /// </summary>
    private long InputEnd()
    {
        double share = _options.MinInputShare;
        long begins = _phases.Mark;
        long end = Math.Min(begins + IterationBudget.InputTime, NextTick);
        double enough = _ticks is null ? 0 : _ticks.StepNanoseconds * (1 - share);
        return _otherTime > enough ? Math.Max(end, begins + (long)(_otherTime * share / (1 - share))) : end;
    }

    private void Wait()
    {
        bool hadPeers = HasPeers;
        _isWaiting = true;

        // If there is work for the handlers' thread, first poll for more events: the thread is then woken once for all of them.
        if (HandlerThread is null || !HandlerThread.WakeIfItWaitedLong(Clock.Now) || (_eventCount = _poller.Wait(_events, 0)) == 0)
        {
            HandlerThread?.Wake();
            _eventCount = Transport.HasUnread ? TakeUnreadAndPoll() : _wait.Wait(_events, NextDue(), NextTick);
        }

        _isWaiting = false;
        _nextEvent = 0;
        long now = Clock.Refresh();
        Clock.Looked(hadPeers);
        _phases.End(LoopPhase.Wait, now);
    }

    /// <summary>Connections whose channels hold input come first: the poller may always have more events than there is room for.</summary>
    private int TakeUnreadAndPoll()
    {
        int unread = Transport.TakeUnread(_events.AsSpan(0, IterationBudget.MaxUnread));
        return unread + _poller.Wait(_events.AsSpan(unread), 0);
    }

    private void AcceptReported()
    {
        for (int i = 0; i < _eventCount; i++)
        {
            if (Transport.Sockets.IsListener(_events[i].Token))
            {
                Transport.Sockets.Find(_events[i].Token)?.OnReady(_events[i].Readiness);
                _events[i] = Taken;
            }
        }

        if (Counters.AcceptsStarved != _starvedSeen)
        {
            _starvedSeen = Counters.AcceptsStarved;
            if (_starvedLines.TryEnter(Clock.Now, out long suppressed))
            {
                HostingLog.AcceptStarved(ServerLogger, suppressed);
            }
        }
    }

    /// <summary>Counts and logs an exception of an application's framer.</summary>
    internal void OnFramerFault(Exception exception)
    {
        if (_framerFaultLines.TryEnter(ref Counters.HandlerFaults, Clock.Now, out long suppressed))
        {
            HostingLog.FramerFailed(Services.HandlerLogger, suppressed, exception);
        }
    }

    private void Receive()
    {
        // Handlers on this thread get each batch while it is in the processor's cache. With handlers on another thread, connections pause when the inbox is
        // full.
        int first = _nextEvent;
        int lentBytes = Transport.Scratch.LentBytes;
        while (_nextEvent < _eventCount && !Transport.Scratch.IsFull && (_pump is null || HasRoomInBatch(_nextEvent - first)))
        {
            // Counted from the first event of this batch: a loop that is already late must not stop before it has read anything.
            if ((_nextEvent - first) % IterationBudget.ReadsPerClockReading == IterationBudget.ReadsPerClockReading - 1)
            {
                long now = Clock.ReadPrecise();
                HandlerThread?.WakeIfItWaitedLong(now);
                if (now >= _inputEnds)
                {
                    break;
                }
            }

            ref readonly ReadyEvent ready = ref _events[_nextEvent++];
            Transport.Sockets.Find(ready.Token)?.OnReady(ready.Readiness);
        }

        _readInBatch = _nextEvent - first;
        NoteBorrowers(lentBytes);
        _phases.End(LoopPhase.Receive, Clock.ReadPrecise());
    }

    /// <summary>Records which messages borrow received bytes.</summary>
    private void NoteBorrowers(int lentBytesBefore)
    {
        if (Transport.Scratch.LentBytes != lentBytesBefore)
        {
            _borrowers = Inbox.Added;
        }
    }

    private bool HasRoomInBatch(int reads) => reads < IterationBudget.MaxReadsPerBatch && Inbox.Depth < IterationBudget.MaxMessagesPerBatch && Inbox.HasRoom;

    private void Handle()
    {
        bool isNothingSent = CommandQueue.Drain(IterationBudget.MaxCommands) == 0;
        if (!isNothingSent)
        {
            _phases.EndRequestedWork(Clock.ReadPrecise());
        }

        _sendCheckInterval = isNothingSent && MayHandlersSend ? Math.Min(2 * _sendCheckInterval, MaxSendCheckInterval) : MinSendCheckInterval;
        Inbox.Publish();
        _pump?.Run(_inputEnds);
        if (Transport.Scratch.LentBytes > 0 && Inbox.Completed >= _borrowers)
        {
            Transport.Scratch.TakeBack();
        }

        if (Inbox.HasRoom)
        {
            Transport.ResumePausedConnections();
        }

        Transport.SilencePausedConnections();
        Inbox.Publish();
        _phases.End(LoopPhase.Handle, Clock.ReadPrecise());
    }

    /// <summary>
    /// Sends the replies to the connections of this batch while they are in the processor's cache. Larger amounts, such as a broadcast, wait for the Flush
    /// phase, and so do sends that would delay a tick: a send takes longer than all other work for a message.
    /// </summary>
    private void Reply()
    {
        if (Transport.DirtyCount <= _readInBatch)
        {
            Flush(_inputEnds);
        }
    }

    private void FireTimers()
    {
        // A deadline that ends a session first reads what the peer has sent.
        int lentBytes = Transport.Scratch.LentBytes;
        Clock.Refresh();
        Transport.Timers.FireDue(Clock.PeerTime, IterationBudget.MaxTimers);
        NoteBorrowers(lentBytes);
        _phases.End(LoopPhase.Timers, Clock.ReadPrecise());
    }

    private void RunTicks()
    {
        if (_ticks is null || Clock.Now < _ticks.NextDue)
        {
            return;
        }

        int count = _ticks.TakeDue(Clock.Now, out long skipped, out long lateness);
        if (count == 0)
        {
            return;
        }

        Lateness.Record(lateness);
        OnLatenessMeasured?.Invoke(lateness / 1e9);
        Counters.TicksSkipped += skipped;
        if (skipped > 0 || lateness > _ticks.StepNanoseconds * LateAfterTicks)
        {
            _lateTicks.Report(Clock.Now, _ticks.Tick, lateness, skipped);
        }

        _lateTicks.Watch(_ticks.NextDue);
        Services.Tick.Number = _ticks.Tick;
        if (_pump is not null)
        {
            Counters.Ticks += count;
            Services.Work.Begin("OnTick");
            Ticks.Run(_ticks.Tick - count + 1, count);
            Services.Work.End();
        }
        else
        {
            HandTicksOver(_ticks.Tick, count);
        }

        _phases.End(LoopPhase.Tick, Clock.ReadPrecise());
    }

    /// <summary>
    /// Passes ticks to the handlers' thread. While that thread runs earlier ticks, new ones are owed, up to the catch-up limit, as on the loop.
    /// </summary>
    private void HandTicksOver(long lastTick, int count)
    {
        int due = _owedTicks + count;
        _owedTicks = Math.Min(due, _options.MaxCatchUpTicks);
        Counters.TicksSkipped += due - _owedTicks;
        if (due > _owedTicks)
        {
            _lateTicks.ReportHeldUp(Clock.Now, due - _owedTicks, Services.Work.Name);
        }

        if (!Ticks.IsBehind)
        {
            Counters.Ticks += _owedTicks;
            Ticks.MarkHandedOver();
            _tickEnvelope.Carry(lastTick - _owedTicks + 1, _owedTicks);
            Inbox.Add(_tickEnvelope);
            Inbox.Publish();
            HandlerThread?.Wake();
            _owedTicks = 0;
        }
    }

    private void Flush(long until)
    {
        Transport.FlushDirtyConnections(until);
        _phases.End(LoopPhase.Flush, Clock.ReadPrecise());
    }

    private void Close()
    {
        Transport.CloseDeadConnections();
        Transport.ParkQuietConnections();
        Inbox.Publish();
        Counters.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread();
        _phases.End(LoopPhase.Close, Clock.ReadPrecise());
    }
}
